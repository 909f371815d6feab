"""Drafts with and without a planted fault, made from an account's canned answers: what the check sees of them."""
