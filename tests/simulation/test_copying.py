"""COPY writes what the database reads back."""

from datetime import UTC, date, datetime, time

import pytest

from accounts.models import User
from participants.models import SafeContactPlan
from simulation.copying import as_text, copy_rows, reserve_ids

NASTY = 'tab\tback\\slash "quote"\nnew\rline ñ\\N'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        (True, "t"),
        (False, "f"),
        (7, "7"),
        (0.1, "0.1"),
        ("a\tb\\", "a\\tb\\\\"),
        (b"\x00\xff", "\\\\x00ff"),
        (date(2026, 11, 23), "2026-11-23"),
        (time(8, 30), "08:30:00"),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-11-23T08:00:00+00:00"),
        ([1, 7], "{1,7}"),
        ({"a": 'é"'}, '{"a":"é\\\\""}'),
    ],
)
def test_each_type_has_its_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.django_db
def test_rows_come_back_as_they_were_written() -> None:
    first, second = reserve_ids(User, 2)
    columns = (
        "id", "username", "display_name", "role", "language", "is_active", "password", "created_at", "session_epoch",
        "must_change_password", "work_email",
    )  # fmt: skip
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    count = copy_rows(
        User,
        columns,
        [
            (first, "a", NASTY, "officer", "es", True, "!", now, 0, False, ""),
            (second, "b", "", "officer", "es", False, "!", now, 0, False, ""),
        ],
    )
    assert count == 2
    assert list(User.objects.filter(pk__in=(first, second)).values_list("username", "display_name", "is_active")) == [
        ("a", NASTY, True),
        ("b", "", False),
    ]


@pytest.mark.django_db
def test_no_rows_are_no_trouble() -> None:
    assert copy_rows(SafeContactPlan, ("participant_id",), []) == 0
