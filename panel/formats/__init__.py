"""Data sets as files: CSV, Parquet, Stata and SPSS, each written in pieces so that memory does not grow with rows."""

from panel.formats.form import Form, Written
from panel.formats.writing import copy_rows, write

__all__ = ["Form", "Written", "copy_rows", "write"]
