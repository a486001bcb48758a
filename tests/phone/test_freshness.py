"""When a phone is to be looked at, on both sides of every boundary."""

from datetime import timedelta

import pytest

from phone.freshness import Concern, PhoneState, concerns, waits_since
from tests.factories import NOW

SECOND, DAY = timedelta(seconds=1), timedelta(hours=24)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"oldest_unsent_at": NOW - DAY}, []),
        ({"oldest_unsent_at": NOW - DAY - SECOND}, [Concern.UNSENT]),
        # Its clock is an hour behind: what it wrote a day ago it calls 25 hours ago.
        ({"oldest_unsent_at": NOW - DAY - SECOND, "clock_skew_s": -3600}, [Concern.CLOCK]),
        ({"last_seen_at": NOW - 3 * DAY}, []),
        ({"last_seen_at": NOW - 3 * DAY - SECOND}, [Concern.SILENT]),
        ({"clock_skew_s": 300}, []),
        ({"clock_skew_s": 301}, [Concern.CLOCK]),
        ({"clock_skew_s": -301}, [Concern.CLOCK]),
        ({"wiped_at": NOW - 7 * DAY + SECOND}, [Concern.WIPED]),
        ({"wiped_at": NOW - 7 * DAY}, []),
    ],
)
def test_phone_is_looked_at_for_what_is_wrong_with_it(changes, found):
    state = {"last_seen_at": NOW, "oldest_unsent_at": None, "clock_skew_s": 0, "wiped_at": None, **changes}
    assert concerns(PhoneState(**state), NOW) == found


def test_waiting_is_counted_by_the_servers_clock():
    assert waits_since(PhoneState(NOW, NOW, 60, None)) == NOW - timedelta(seconds=60)
    assert waits_since(PhoneState(NOW, None, 60, None)) is None
