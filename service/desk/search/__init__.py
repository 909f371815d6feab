"""Full-text search over everything that was written and answered."""
