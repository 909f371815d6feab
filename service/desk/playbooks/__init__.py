"""Playbooks: kept in every version, worked on, proven, put in force."""
