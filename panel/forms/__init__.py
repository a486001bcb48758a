"""What people type on the pages about data."""
