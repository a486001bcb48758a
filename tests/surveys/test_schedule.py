"""Waves by the calendar (domain.md, section 3: baseline, 3, 6, 9, 12 months, ±14 days)."""

from datetime import date

import pytest

from surveys.models import SurveyCase
from surveys.schedule import OPEN, TRANSITIONS, WaveRule, due_waves


@pytest.mark.requirement("F10")
def test_five_waves_from_enrolment():
    rules = [WaveRule(f"m{month}", month, 14) for month in (0, 3, 6, 9, 12)]
    found = due_waves(date(2026, 1, 10), rules)
    assert [(w.code, w.number, w.window_from, w.due_on, w.window_until) for w in found] == [
        ("m0", 0, date(2026, 1, 10), date(2026, 1, 10), date(2026, 1, 24)),
        ("m3", 1, date(2026, 3, 27), date(2026, 4, 10), date(2026, 4, 24)),
        ("m6", 2, date(2026, 6, 26), date(2026, 7, 10), date(2026, 7, 24)),
        ("m9", 3, date(2026, 9, 26), date(2026, 10, 10), date(2026, 10, 24)),
        ("m12", 4, date(2026, 12, 27), date(2027, 1, 10), date(2027, 1, 24)),
    ]


def test_every_status_has_its_transitions():
    assert set(TRANSITIONS) == set(SurveyCase.Status.values)
    assert {"due", "late", "not_private"} == OPEN
