"""The declarations of the study's data sets, one module each. What depends on the protocol comes in as arguments."""

from collections.abc import Sequence

from panel.columns import DataSet


def find(datasets: Sequence[DataSet], name: str) -> DataSet | None:
    """Return the data set of that name, None if there is none."""
    return next((dataset for dataset in datasets if dataset.name == name), None)
