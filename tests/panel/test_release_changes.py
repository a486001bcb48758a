"""What changed since an earlier release: rows by woman and time whatever their codes, columns, labels."""

import polars as pl
import pytest

from panel import services
from panel.columns import Column, DataSet, Disclosure, Kind, Label
from panel.release_changes import Frozen, compare
from participants.models import Participant
from tests.factories import NOW
from tests.panel.releasing import make_team, ready

ROW = Label("Una fila", "A row")


def column(name, kind=Kind.INTEGER, **more) -> Column:
    return Column(name, kind, Label(more.pop("label", name), name), "somewhere", "x", Disclosure.STUDY, **more)


def frozen(rows, *columns, numbers) -> Frozen:
    found = (column("woman", Kind.TEXT), column("wave"), *columns)
    schema = {one.name: pl.String if one.kind == Kind.TEXT else pl.Int64 for one in found}
    return Frozen(DataSet("panel", ROW, found), pl.LazyFrame(rows, schema=schema, orient="row"), numbers)


def test_rows_are_matched_by_woman_whatever_her_code():
    before = frozen([("A", 0, 1), ("A", 1, 2), ("B", 0, 3)], column("score"), numbers={"A": 1, "B": 2})
    after = frozen(
        [("Y", 0, 1), ("X", 1, 9), ("X", 0, 1), ("Z", 0, 5)], column("score"), numbers={"X": 1, "Y": 2, "Z": 3}
    )
    changes = compare(before, after)
    assert (changes.rows_before, changes.rows_after) == (3, 4)
    assert (changes.rows_added, changes.rows_dropped, changes.rows_changed) == (1, 0, 2)
    assert changes.cells == (("score", 2),)


def test_columns_that_came_went_or_say_other_words():
    before = frozen([("A", 0, 1, 2)], column("old"), column("kept"), numbers={"A": 1})
    after = frozen([("X", 0, 2, 1)], column("kept", label="Otra"), column("new"), numbers={"X": 1})
    changes = compare(before, after)
    assert (changes.columns_added, changes.columns_dropped, changes.columns_relabelled) == (
        ("new",),
        ("old",),
        ("kept",),
    )
    assert (changes.rows_changed, changes.cells) == (0, ())
    assert not changes.is_same


def test_empty_is_a_value_of_its_own_and_rows_of_one_time_keep_their_order():
    before = frozen([("A", 0, None), ("A", 0, 1)], column("score"), numbers={"A": 1})
    assert compare(before, frozen([("X", 0, None), ("X", 0, 1)], column("score"), numbers={"X": 1})).is_same
    assert compare(before, frozen([("X", 0, 0), ("X", 0, 1)], column("score"), numbers={"X": 1})).rows_changed == 1


def test_shifted_days_are_left_out():
    days = column("days_due", unit="days")
    before, after = frozen([("A", 0, 5)], days, numbers={"A": 1}), frozen([("X", 0, 9)], days, numbers={"X": 1})
    assert compare(before, after).rows_changed == 1
    assert compare(before, after, leave_days=True).is_same


@pytest.mark.requirement("N10")
def test_releases_of_different_codes_are_compared(small_study, tmp_path):
    team = make_team()
    first = ready(team.researcher, team.statistician)
    other = Participant.objects.get(pk=first.women.first().participant_id)
    Participant.objects.filter(pk=other.pk).update(age_at_enrolment=30 if other.age_at_enrolment != 30 else 50)
    second = ready(team.other, team.statistician)
    changes = {
        found.dataset: found
        for found in services.compare_releases(by=team.other, release=second, earlier=first, folder=tmp_path)
    }
    assert changes["surveys"].is_same
    assert (changes["panel_wave"].rows_added, changes["panel_wave"].rows_changed) == (0, 5)
    assert changes["panel_wave"].cells == (("age_band", 5),)
    destroyed = services.destroy_release(by=team.other, release=second, now=NOW)
    with pytest.raises(services.ReleaseNotReady):
        services.compare_releases(by=team.other, release=destroyed, earlier=first, folder=tmp_path)
