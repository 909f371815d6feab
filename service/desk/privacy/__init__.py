"""The rights of the people who write, terms, and what is sealed."""
