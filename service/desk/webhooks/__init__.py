"""Who is told of what happened, and what is still to be told."""
