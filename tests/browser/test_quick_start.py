"""The beginnings that docs/quick-start.md gives to programs run as they stand, against the real web server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import make_token
from accounts.tokens import TokenScope
from audit.models import Event
from tests.fixtures.databases import CHECKOUT


def program(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", (CHECKOUT / "docs/quick-start.md").read_text(), re.DOTALL)
    return found


def run(command: list[str], code: str, folder: Path, address: str) -> str:
    """Run a beginning in a folder of its own with a key of the researcher's; return what it prints."""
    researcher = User.objects.get(username="investigadora")
    scopes = [TokenScope.DATASETS]
    _token, key = make_token(by=researcher, purpose="Quick start", scopes=scopes, days=7, now=timezone.now())
    file = folder / "start"
    file.write_text(code, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "AGENDA_URL": address, "AGENDA_KEY": key, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [*command, str(file)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.requirement("F47")
def test_python_reads_the_data_as_the_document_shows(running_study, web_server, tmp_path):
    said = run([sys.executable], program("python"), tmp_path, web_server)
    assert "5 rows of the first page, more follow: True" in said
    assert re.search(r"^\d+ rows; What became of the survey$", said, re.MULTILINE)
    actions = Event.objects.filter(action__startswith="panel.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["panel.read_codebook", "panel.read_rows", "panel.read_file"]


@pytest.mark.requirement("F47")
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed on this machine")
def test_r_reads_the_data_as_the_document_shows(running_study, web_server, tmp_path):
    said = run(["Rscript", "--vanilla"], program("r"), tmp_path, web_server)
    assert re.search(r"^\d+ rows$", said, re.MULTILINE)
