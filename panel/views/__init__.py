"""The pages about data."""
