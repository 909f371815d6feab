"""The desk as people see it: what is to do, who does it, what they say of it."""
