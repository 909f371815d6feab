"""Figures for those who lead: counted, kept, reported."""
