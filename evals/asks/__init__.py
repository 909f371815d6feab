"""What a Triage tells of a message's asks and of its situations, beside the labels, by nested cross-validation."""
