"""What lies in the archive of a release, each file made from the frozen rows and their declarations alone."""
