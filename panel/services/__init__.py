"""The only writers of the panel, and the one way out for data."""

from panel.services.exports import export_codebook, export_dataset, export_file
from panel.services.programs import give_description, give_file, give_logs, give_rows

__all__ = [
    "export_codebook",
    "export_dataset",
    "export_file",
    "give_description",
    "give_file",
    "give_logs",
    "give_rows",
]
