"""The ledger of what mixed the arms on a random simulated study: as plain loops over the rows find it."""

from collections import Counter

import pytest
from django.utils import timezone

from monitoring.queries.contamination import ledger_entries, mixing
from monitoring.queries.dose import station_weeks
from participants.models import Transfer
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import ArmCrossing, Posting
from stations.queries import study_stations
from tests.monitoring.test_dose import slow_count
from training.models import Attendance, Session


@pytest.fixture
def world(committed_study) -> None:
    settings = WorldSettings(seed=8, as_of=timezone.localdate(), clusters=8, participants=64, elapsed_months=5)
    load_study(settings, now=timezone.now(), say=lambda _line: None)


@pytest.mark.requirement("N12")
def test_the_ledger_of_a_random_study_is_what_a_slow_count_finds(world):
    today, arms = timezone.localdate(), {one.station_id: one for one in study_stations()}
    of_arm = {arm.code: arm for arm in current_protocol().arms}
    untrained = {station for station, one in arms.items() if not of_arm[one.arm].training}
    usual = {station for station, one in arms.items() if not of_arm[one.arm].risk_cadence}
    sessions = [one for one in Session.objects.all() if one.status == "held" and one.station_id in untrained]
    trained = {
        one.officer_id for one in Attendance.objects.all()
        if one.counts and one.session.status == "held" and one.session.held_on <= today
    }  # fmt: skip
    serving = [
        posting for posting in Posting.objects.all()
        if posting.withdrawn_at is None and posting.station_id in untrained
        and posting.starts_on <= today and (posting.ends_on is None or posting.ends_on >= today)
    ]  # fmt: skip
    weeks = [counts for (station, monday), counts in slow_count().items() if station in usual and monday <= today]

    entries = ledger_entries()
    found = mixing(entries, station_weeks(until=today), today=today)

    assert found.sessions_without_training == len(sessions)
    assert found.trained_without_training == sum(posting.officer_id in trained for posting in serving)
    assert found.women_weeks == sum(counts["women"] for counts in weeks) > 0
    assert found.women_weeks_above_usual == sum(counts["women_above_usual"] for counts in weeks)
    crossed = [one for one in ArmCrossing.objects.all() if one.posting.withdrawn_at is None]
    expected = Counter((one.first_day_here, one.officer.code) for one in crossed)
    assert Counter((one.on, one.who) for one in entries if one.kind == "officer") == expected
    assert found.officers_moved == len(crossed)
    assert found.women_moved == sum(
        one.state == "accepted" and arms[one.from_station_id].arm != arms[one.to_station_id].arm
        for one in Transfer.objects.all()
    )
