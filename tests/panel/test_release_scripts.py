"""The R script of a release, run where R is: it loads what was packed and finds the headline table again."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.panel.conftest import draw_study
from tests.panel.releasing import downloaded, make_team, ready

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed on this machine")


def run(content: bytes, folder: Path) -> str:
    """Unpack an archive and run its script there; the script itself compares its table with the one that came along."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    words = ["Rscript", "--vanilla", "headline.R"]
    done = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.requirement("N9")
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_headline_is_found_again(stations, instrument, tmp_path, shape):
    draw_study(stations, instrument, seed=8, women=96)
    team = make_team()
    release = ready(team.researcher, team.statistician, datasets=("panel_wave",), forms=("csv",), shape=shape)
    said = run(downloaded(release, team.researcher), tmp_path)
    table = (tmp_path / "headline.csv").read_text().splitlines()
    shares = [row.rsplit(",", 1)[1] for row in table[1:]]
    assert said.split()[:5] == ["wave", "group", "answered", "yes", "share"]
    assert sum(bool(share) for share in shares) > 5
    assert len(said.splitlines()) == len(table)


@pytest.mark.requirement("N9")
def test_headline_is_found_again_where_every_cell_is_too_small(small_study, tmp_path):
    team = make_team()
    run(downloaded(ready(team.researcher, team.statistician), team.researcher), tmp_path)
    shares = [row.rsplit(",", 1)[1] for row in (tmp_path / "headline.csv").read_text().splitlines()[1:]]
    assert not all(shares)
