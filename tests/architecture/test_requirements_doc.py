"""docs/requirements.md tells what the tests prove."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.fixtures.databases import CHECKOUT
from tests.requirements import REQUIREMENTS_FILE


@pytest.mark.requirement("F57")
def test_document_is_fresh():
    done = subprocess.run([sys.executable, "scripts/requirements_doc.py", "--check"], cwd=CHECKOUT, check=False)
    assert done.returncode == 0, "docs/requirements.md is stale: make requirements-doc"


def test_requirements_are_numbered_without_gaps():
    with REQUIREMENTS_FILE.open("rb") as file:
        numbers = [number for group in tomllib.load(file)["group"] for number in group["requirements"]]
    of_letter = {letter: [int(n[1:]) for n in numbers if n[0] == letter] for letter in "FN"}
    assert of_letter == {"F": list(range(1, 59)), "N": list(range(1, 32))}
    assert all(re.fullmatch(r"[FN]\d+", number) for number in numbers)
