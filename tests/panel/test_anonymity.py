"""k-anonymity and l-diversity by examples, and by a slow count of random tables."""

from collections import Counter, defaultdict

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.anonymity import judge, worst_traits
from panel.columns import Column, DataSet, Disclosure, Kind, Label
from panel.generalising import generalised_columns, generalised_rows, rules_for

ROW = Label("Una fila", "A row")
QUASI = Disclosure.QUASI_IDENTIFIER
YES_NO = (("0", Label("No", "No")), ("1", Label("Sí", "Yes")))


def column(name, kind=Kind.INTEGER, disclosure=Disclosure.STUDY, **more) -> Column:
    return Column(name, kind, Label(name, name), more.pop("source", "somewhere"), "x", disclosure, **more)


COLUMNS = (
    column("woman", Kind.TEXT, QUASI),
    column("station", Kind.TEXT, QUASI),
    column("age_band", disclosure=QUASI),
    column("physical", values=YES_NO, source="surveys.Submission.scores"),
)
PANEL = DataSet("panel", ROW, COLUMNS)


def table(rows) -> pl.LazyFrame:
    schema = {"woman": pl.String, "station": pl.String, "age_band": pl.Int64, "physical": pl.Int64}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def test_smallest_group_and_what_would_be_better_left_out():
    rows = [(f"W{n}", "A", 1, n % 2) for n in range(6)] + [("W6", "B", 1, 0), ("W7", "A", 5, 1)]
    report = judge([(PANEL, table(rows))])
    assert (report.women, report.groups, report.k, report.groups_small, report.women_small) == (8, 3, 1, 2, 2)
    assert report.has_small_groups
    assert [(t["column"], t["k_without"], t["women_small_without"]) for t in worst_traits(report.as_json())] == [
        ("age_band", 1, 1),
        ("station", 1, 1),
    ]


def test_groups_that_answered_alike_are_told():
    rows = [(f"W{n}", "A", 1, 1) for n in range(5)] + [(f"V{n}", "B", 1, n % 2) for n in range(5)]
    report = judge([(PANEL, table(rows))])
    assert (report.k, report.fewest_answers) == (5, 1)
    assert report.has_same_answers
    assert not report.has_small_groups
    assert [(s.column, s.fewest, s.groups_alike) for s in report.sensitive] == [("panel.physical", 1, 1)]


def test_traits_of_all_tables_are_joined_by_her_code():
    other = DataSet("visits", ROW, (COLUMNS[0], column("evening", disclosure=QUASI)))
    rows = [(f"W{n}", "A", 1, n % 2) for n in range(6)]
    evenings = pl.LazyFrame({"woman": ["W0", "W0"], "evening": [0, 1]})
    assert judge([(PANEL, table(rows))]).k == 6
    assert judge([(PANEL, table(rows)), (other, evenings)]).k == 1


def test_a_trait_that_changes_tells_more_than_each_of_its_values():
    rows = [(f"W{n}", "A", 1, 0) for n in range(5)] + [(f"W{n}", "A", 2, 0) for n in range(4)]
    assert judge([(PANEL, table(rows))]).k == 1


def test_without_women_nothing_is_judged():
    stations = DataSet("stations", ROW, (COLUMNS[1],))
    report = judge([(stations, pl.LazyFrame({"station": ["A"]}))])
    assert (report.women, report.has_small_groups, report.has_same_answers) == (0, False, False)
    empty = judge([(PANEL, table([]))])
    assert (empty.women, empty.k, empty.has_small_groups, empty.has_same_answers) == (0, 0, False, False)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("uvwxyz"),
            st.sampled_from("AB"),
            st.none() | st.integers(1, 3),
            st.none() | st.integers(0, 1),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_counts_as_a_slow_count_does(rows):
    by_woman = defaultdict(lambda: (set(), set()))
    for woman, station, age, _answer in rows:
        by_woman[woman][0].add(station)
        by_woman[woman][1].add(age)
    groups = {woman: (frozenset(stations), frozenset(ages)) for woman, (stations, ages) in by_woman.items()}
    sizes = Counter(groups.values())
    answers = {group: set() for group in sizes}
    for woman, _station, _age, answer in rows:
        answers[groups[woman]] |= {answer} - {None}
    report = judge([(PANEL, table(rows))])
    assert (report.women, report.groups, report.k) == (len(groups), len(sizes), min(sizes.values()))
    assert report.women_small == sum(size for size in sizes.values() if size < 5)
    assert report.fewest_answers == min((len(found) for found in answers.values() if found), default=0)


@pytest.mark.parametrize(
    ("rule", "ages"),
    [("age_two_bands", [1, 1, 2, 2, 2, None]), ("without_age_band", None), ("", [1, 2, 3, 4, 5, None])],
)
def test_rules_make_columns_coarser_or_leave_them_out(rule, ages):
    rows = table([(f"W{n}", "A", age, 0) for n, age in enumerate([1, 2, 3, 4, 5, None])])
    rules = [rule] if rule else []
    left = generalised_columns(COLUMNS, rules)
    made = generalised_rows(rows, left, rules).collect()
    assert made.columns == [column.name for column in left]
    assert (made["age_band"].to_list() if ages else None) == ages


def test_rules_on_offer_are_those_that_change_something():
    days = DataSet("visits", ROW, (COLUMNS[0], column("days_visit", unit="days")))
    assert list(rules_for([PANEL])) == ["age_two_bands", "without_station", "without_age_band"]
    assert list(rules_for([days])) == ["days_in_months"]
    made = generalised_rows(pl.LazyFrame({"woman": ["W1"], "days_visit": [59]}), days.columns, ["days_in_months"])
    assert made.collect()["days_visit"].to_list() == [30]
