"""Text in, passages out. Knows nothing of customers or queues."""

from retrieval.quiet import silence

silence()
