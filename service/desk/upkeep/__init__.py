"""What is in order, what is done once in a while, and the store in one file."""
