"""What programs read of the data: the same rows and the same refusals as the pages, never an identity."""
