"""The data set of surveys, and the page about the response scale."""

import csv
import io

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from panel.queries import datasets
from panel.response_scale import scale_row
from panel.services import export_codebook, export_dataset
from panel.tables import find
from surveys.ipv_scores import ACTS, act_code, act_items, response_items
from surveys.models import Submission
from tests.factories import NOW, UserFactory
from tests.panel.test_panel_wave import RESEARCHER


def exported():
    out = io.BytesIO()
    dataset = find(datasets(reads_arm=False), "surveys")
    export_dataset(by=RESEARCHER, dataset=dataset, out=out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def test_each_survey_that_may_be_given_out_is_a_row_with_codes_and_scores(small_study):
    rows = exported()
    assert rows
    assert len({(row["woman"], row["wave"]) for row in rows}) == len(rows) <= Submission.objects.count()
    stored = sorted(
        tuple(_written(act_code(kept.answers, item)) for domain in ACTS for item in act_items(domain))
        for kept in Submission.objects.all()
    )
    found = [tuple(row[item] for domain in ACTS for item in act_items(domain)) for row in rows]
    assert set(found) <= set(stored)
    for row in rows:
        chronic, score = row["physical_chronicity"], row["physical_score"]
        assert chronic == (score if row["physical"] == "1" else "")
        assert row["is_complete"] == "1"


def _written(code):
    return "" if code is None else str(int(code))


def test_codebook_says_every_column_in_both_languages(small_study):
    dataset = find(datasets(reads_arm=True), "surveys")
    lines = list(csv.DictReader(io.StringIO(export_codebook(by=RESEARCHER, dataset=dataset))))
    assert len(lines) == len(dataset.written(reads_arm=True)) == 7 + 4 + (20 + 8) + (8 + 1) + (1 + 16 + 12) * 2 + 1 + 11
    assert all(len(column.name) <= 32 for column in dataset.columns)


def test_few_whole_answers_show_nothing():
    points = np.full((12, 12), 4.0)
    points[:3, 0] = np.nan
    row = scale_row("Inicio", points)
    assert (row.rows, row.alpha, set(row.items)) == (None, None, {(None, None)})


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.STATISTICIAN])
def test_page_says_that_the_scale_is_not_validated(small_study, role):
    client = Client()
    client.force_login(UserFactory(role=role))
    page = client.get(reverse("response_scale")).content.decode()
    assert "no está validada" in page
    assert len(response_items()) == 12
