"""Decisions are numbered once each, and what the documents point at is there."""

import re
from collections import Counter

import pytest

from tests.architecture.code import CHECKOUT

DECISIONS = sorted((CHECKOUT / "docs/adr").glob("*.md"))
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_each_number_stands_for_one_decision():
    numbers = Counter(file.name[:4] for file in DECISIONS)
    assert [number for number, files in numbers.items() if files > 1] == []
    assert sorted(map(int, numbers)) == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem[:4])
def test_heading_has_the_number_of_its_file(file):
    assert re.match(rf"# {int(file.name[:4])}\. \S", file.read_text())


def test_links_of_the_documents_lead_somewhere():
    dead = [
        f"{file.relative_to(CHECKOUT)}: {target}"
        for file in DOCUMENTS
        for target in LINK.findall(file.read_text())
        if not (file.parent / target).exists()
    ]
    assert dead == []
