"""What quality measures: evaluation runs and audit samples."""
