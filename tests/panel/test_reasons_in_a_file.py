"""Why an outcome is not there, as a file of anybody says it beside the outcome."""

import polars as pl
import pytest

from panel.estimation_file import DataInvalid, read_reasons


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"physical_any": [1, None, None], "physical_why": [None, " missed ", "refused"]}, ["", "missed", "refused"]),
        ({"physical_any": [1, 0, 1], "physical_any_why": [7, None, 8]}, ["7", "", "8"]),
        ({"physical_any": [1, 0, 1], "other_why": ["a", "b", "c"]}, None),
    ],
)
def test_reasons_stand_in_the_column_of_the_outcomes_name(tmp_path, columns, reasons):
    pl.DataFrame(columns).write_parquet(tmp_path / "panel.parquet")
    assert read_reasons(tmp_path / "panel.parquet", "physical_any") == reasons


def test_reasons_that_are_no_texts_are_refused_in_one_line(tmp_path):
    pl.DataFrame({"y": [1, 2], "y_why": [["missed"], []]}).write_parquet(tmp_path / "panel.parquet")
    with pytest.raises(DataInvalid, match=r"^panel\.parquet: column y_why holds List.*not texts or numbers$"):
        read_reasons(tmp_path / "panel.parquet", "y")
