"""The forms of surveys."""
