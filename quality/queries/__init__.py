"""What pages, services and the nightly run read about the quality of data."""
