"""The tables of states and ways: each code of the models stands in them."""

import pytest

from data_protection import incident_states
from data_protection.forms.incidents import NEXT_STEPS
from data_protection.models import DataIncident, IncidentWoman
from data_protection.telling import safe_ways
from participants.models import SafeContactPlan


def test_each_status_of_an_incident_has_its_transitions_and_its_page():
    assert set(incident_states.TRANSITIONS) == set(DataIncident.Status.values) == set(NEXT_STEPS)
    assert set().union(*incident_states.TRANSITIONS.values()) <= set(DataIncident.Status.values)


@pytest.mark.parametrize(
    ("status", "following", "allowed"),
    [
        ("open", "notified", True),
        ("open", "closed", True),
        ("notified", "closed", True),
        ("notified", "open", False),
        ("closed", "open", False),
        ("closed", "notified", False),
    ],
)
def test_an_incident_only_moves_on(status, following, allowed):
    assert incident_states.may_become(status, following) is allowed


@pytest.mark.parametrize(
    ("channel", "takes_part", "ways"),
    [
        ("visit", True, {"in_person"}),
        ("call", True, {"in_person", "call"}),
        ("message", True, {"in_person", "message"}),
        ("call", False, {"in_person"}),
        ("message", False, {"in_person"}),
        (None, True, {"in_person"}),
    ],
)
def test_she_is_told_by_safe_ways_only(channel, takes_part, ways):
    assert safe_ways(channel, takes_part=takes_part) == ways


def test_every_channel_has_its_ways():
    for channel in SafeContactPlan.Channel.values:
        assert safe_ways(channel, takes_part=True) <= set(IncidentWoman.Way.values)
