"""The plan's whole analysis of one data file, written as a page, a paper, tables, results and scripts."""
