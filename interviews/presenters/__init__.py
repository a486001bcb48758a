"""Interviews in the reader's words."""
