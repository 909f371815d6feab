"""Canned answers: the library, who changes it and how, and what their use teaches."""
