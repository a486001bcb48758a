"""A data set's page: every column with its picture, nothing that tells of few, found by words without a script."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from panel.presenters import matching
from panel.queries import column_summaries, datasets
from panel.small_cells import SMALLEST_SHOWN
from panel.tables import find
from tests.factories import ParticipantFactory
from tests.panel.test_api import all_pages, in_session, rows_url, with_key
from tests.panel.test_views import signed_in


def columns_of(dataset, *, reads_arm=True):
    return [column for column in dataset.visible(reads_arm=reads_arm) if not column.is_companion]


def spread_of(dataset):
    return column_summaries(dataset, columns_of(dataset), today=timezone.localdate(), reads_arm=True)


def is_in(bar, value) -> bool:
    if value is None:
        return False
    return bar.code == str(value) if bar.low is None else bar.low <= Decimal(str(value)) < bar.high


@pytest.mark.requirement("F45")
def test_counts_are_those_of_the_rows_and_none_tells_of_few(small_study):
    client = with_key(Role.STATISTICIAN)
    for dataset in datasets(reads_arm=True):
        assert_counts_are_those_of(dataset, all_pages(client, f"{rows_url(dataset.name)}?limit=10000"))


def assert_counts_are_those_of(dataset, rows) -> None:
    for column, summary in zip(columns_of(dataset), spread_of(dataset), strict=True):
        values = [row[column.name] for row in rows]
        assert summary.rows == len(rows)
        for bar in summary.bars:
            within = [row for row, value in zip(rows, values, strict=True) if is_in(bar, value)]
            behind = len({row["woman"] for row in within}) if "woman" in rows[0] else len(within)
            assert bar.rows in (len(within), None)
            assert bar.rows is None or behind == 0 or behind >= SMALLEST_SHOWN
        reasons = Counter(row.get(column.why) or "" for row, value in zip(rows, values, strict=True) if value is None)
        assert {code: rows_ for code, rows_ in summary.missing if rows_ is not None}.items() <= reasons.items()
        assert {code for code, _rows in summary.missing} == set(reasons)


def test_bins_have_round_edges_that_are_nobodys_own(small_study):
    dataset = find(datasets(reads_arm=True), "panel_wave")
    for column, summary in zip(columns_of(dataset), spread_of(dataset), strict=True):
        for bar in summary.bars if not column.values else ():
            digits = f"{(bar.high - bar.low).normalize():e}"
            assert re.fullmatch(r"[125]e[+-]\d+", digits), (column.name, digits)
            assert bar.low % (bar.high - bar.low) == 0


@pytest.mark.requirement("F45", "N9")
def test_page_finds_columns_by_words_of_name_label_or_values(small_study):
    client = signed_in(Role.RESEARCHER)
    client.cookies["idioma"] = "en"
    page = client.get(reverse("dataset_detail", args=["panel_wave"]), {"q": "SURVEY status"})
    names = [card.name for card in page.context["cards"]]
    assert names
    assert names == [
        column.name for column in matching(columns_of(find(datasets(reads_arm=False), "panel_wave"), reads_arm=False),
                                           "survey status", "en")
    ]  # fmt: skip
    assert 'value="SURVEY status"' in page.content.decode()


def test_page_says_so_when_nothing_is_found_and_leads_back(small_study):
    page = signed_in(Role.RESEARCHER).get(reverse("dataset_detail", args=["panel_wave"]), {"q": "<zzz>"})
    said = page.content.decode()
    assert (page.status_code, page.context["cards"]) == (200, [])
    assert "&lt;zzz&gt;" in said
    assert f'href="{reverse("dataset_detail", args=["panel_wave"])}"' in said


@pytest.mark.requirement("F37")
def test_blinded_reader_sees_no_column_that_tells_the_arm(small_study):
    client, shown = signed_in(Role.RESEARCHER), set()
    for number in range(1, 9):
        page = client.get(reverse("dataset_detail", args=["panel_wave"]), {"page": number})
        shown |= {card.name for card in page.context["cards"]}
    blinded = {column.name for column in find(datasets(reads_arm=True), "panel_wave").columns if column.is_blinded}
    assert shown == {
        column.name for column in columns_of(find(datasets(reads_arm=False), "panel_wave"), reads_arm=False)
    }
    assert shown & blinded == set()
    assert client.get(reverse("dataset_detail", args=["training"])).status_code == 404


@pytest.mark.parametrize("women", [1, 3])
@pytest.mark.parametrize("query", [{}, {"q": "a"}, {"page": "2"}])
def test_page_costs_the_same_queries_for_any_number(stations, django_assert_num_queries, women, query):
    ParticipantFactory.create_batch(women, station=stations[0])
    client = in_session()
    address = reverse("dataset_detail", args=["panel_wave"])
    client.get(address, query)
    with django_assert_num_queries(9):
        client.get(address, query)


def test_page_of_a_study_without_women_is_calm(stations):
    page = in_session().get(reverse("dataset_detail", args=["panel_wave"]))
    assert page.status_code == 200
    assert {card.rows for card in page.context["cards"]} == {0}
