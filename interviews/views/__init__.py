"""The pages of the interviews."""
