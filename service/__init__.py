"""The product: one message's way from the inbox to an advisor's desk."""

from retrieval.quiet import silence

silence()
