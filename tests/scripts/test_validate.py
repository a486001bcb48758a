"""The simulation study runs: two trials of each kind; what it finds is kept in docs/validation.md."""

import json
import subprocess
import sys

import pytest

from tests.fixtures.databases import CHECKOUT


@pytest.mark.requirement("F46")
def test_simulation_study_writes_its_three_files(tmp_path):
    words = [sys.executable, CHECKOUT / "scripts" / "validate.py", "--trials", "2", "--out", tmp_path]
    subprocess.run(words, check=True, capture_output=True)
    found = json.loads((tmp_path / "validation.json").read_text())
    kept = json.loads((CHECKOUT / "docs" / "validation.json").read_text())
    assert found["trials"] == 2
    assert [(w["icc"], w["effects"], w["outcome"], w["model"], w["truth"]) for w in found["worlds"]] == [
        (w["icc"], w["effects"], w["outcome"], w["model"], w["truth"]) for w in kept["worlds"]
    ]
    assert (tmp_path / "validation.md").read_text().startswith("# Known effects recovered\n")
    assert (tmp_path / "validation.svg").read_text().count("<circle") == 16 * 6 + 6


def test_kept_study_is_of_500_trials_and_its_methods_keep_their_promise():
    """Monte-Carlo error at 5 % and 500 trials is 1 point; 16 rows are looked at, so three of them are allowed."""
    kept = json.loads((CHECKOUT / "docs" / "validation.json").read_text())
    assert kept["trials"] == 500
    for world in kept["worlds"]:
        assert abs(world["bias"]) < 3 * world["bias_error"]
        assert world["refused"]["cr2"] < 0.05 + 3 * 0.0098
        assert world["refused"]["wild"] < 0.05 + 3.2 * 0.0098
        assert world["refused"]["normal"] > 0.05 + 1.96 * 0.0098
        if not world["effects"]:
            assert world["refused"]["ri"] < 0.05 + 1.96 * 0.0098
