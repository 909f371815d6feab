"""Drafts as an advisor works on them."""
