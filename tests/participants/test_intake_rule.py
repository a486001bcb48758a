"""The rule by itself, on tables of who reported what where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.identity import Identity
from participants.intake import Fate, Incoming, KnownReports, plan_intake
from participants.report_entry import ReportEntry
from participants.report_lookups import report_digests

DAY = date(2026, 11, 18)


def incoming(row, number, name="", document="", telephone="", station=1):
    entry = ReportEntry(number, DAY, Identity(name or f"Mujer {row}", document=document, telephone=telephone))
    return Incoming(row, station, entry, report_digests(entry, station_id=station))


def fates(*reports):
    return [planned.fate for planned in plan_intake(reports, KnownReports())]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([(2, "1"), (3, "2")], [Fate.NEW, Fate.NEW]),
        ([(2, "1", "Ana Luz"), (3, "1", "LUZ, Ana")], [Fate.NEW, Fate.AGAIN]),
        ([(2, "1", "Ana Luz"), (3, "1", "Eva Sol")], [Fate.NEW, Fate.CONFLICT]),
        # A corrected document, or a corrected name: still the same report.
        ([(2, "1", "Ana Luz", "11"), (3, "1", "Ana Luz", "12")], [Fate.NEW, Fate.AGAIN]),
        ([(2, "1", "Ana Luz", "11"), (3, "1", "Ana Lus", "11")], [Fate.NEW, Fate.AGAIN]),
        ([(2, "1", "Ana", "11"), (3, "2", "Eva", "11")], [Fate.NEW, Fate.SAME_WOMAN]),
        # By document to the second, by name and telephone from there to the third.
        (
            [(2, "1", "Ana", "11", ""), (3, "2", "Eva", "11", "987"), (4, "3", "Eva", "", "987")],
            [Fate.NEW, Fate.SAME_WOMAN, Fate.SAME_WOMAN],
        ),
    ],
)
def test_fates_within_one_file(reports, expected):
    assert fates(*(incoming(*report) for report in reports)) == expected


def test_the_station_is_no_part_of_the_number():
    # Station 1 with number 23 and station 12 with number 3 must not meet.
    assert fates(incoming(2, "23", "Ana", station=1), incoming(3, "3", "Eva", station=12)) == [Fate.NEW, Fate.NEW]


PEOPLE = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from("ABC"), st.sampled_from(["", "1", "2"]), st.sampled_from(["", "9"])),
    max_size=12,
)


@given(PEOPLE)
def test_every_report_has_one_fate_and_a_file_twice_changes_nothing(people):
    reports = [incoming(row, str(n), *who) for row, (n, *who) in enumerate(people, start=2)]

    twice = plan_intake([*reports, *reports], KnownReports())

    first, second = twice[: len(reports)], twice[len(reports) :]
    assert all(planned.fate in {Fate.AGAIN, Fate.CONFLICT} for planned in second)
    for before, after in zip(first, second, strict=True):
        assert (after.fate == Fate.CONFLICT) == (before.fate == Fate.CONFLICT)


@given(PEOPLE)
def test_a_further_report_always_leads_to_a_first_one(people):
    reports = [incoming(row, str(row), *who) for row, (_n, *who) in enumerate(people, start=2)]
    firsts = set()
    for place, planned in enumerate(plan_intake(reports, KnownReports()), start=1):
        if planned.fate == Fate.NEW:
            firsts.add(-place)
        else:
            assert planned.earlier.first_id in firsts
