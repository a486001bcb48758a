"""The only writers of the panel, and the one way out for data."""

from panel.services.exports import export_codebook, export_dataset, export_file

__all__ = ["export_codebook", "export_dataset", "export_file"]
