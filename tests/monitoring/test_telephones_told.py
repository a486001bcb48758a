"""A telephone on which things wait too long is told to its owner and to whoever looks after it."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.roles import Role
from messaging.texts import message_text
from tests.factories import NOW, OfficerFactory, ProtocolVersionFactory, StationFactory, UserFactory
from tests.monitoring.sent import addresses, keep, phone, send

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def person(role: Role, name: str = "") -> User:
    return UserFactory(role=role, work_email=f"{name or role}@example.org", language="es")


@pytest.fixture
def everybody(db, settings) -> dict[str, User]:
    keep(settings)
    ProtocolVersionFactory()
    return {role.value: person(role) for role in Role}


@pytest.mark.requirement("F55", "F23")
def test_an_interviewers_telephone_that_does_not_send_is_told_to_her_and_to_the_administrator_once(everybody):
    phone(everybody[Role.INTERVIEWER], waits=DAY + MINUTE)
    phone(person(Role.INTERVIEWER, "sends"), waits=2 * HOUR)

    told = dict(send(NOW, "phone_unsent", "phones_unsent"))

    assert told == {
        "interviewer@example.org": message_text("phone_unsent", "es"),
        "administrator@example.org": message_text("phones_unsent", "es"),
    }
    assert addresses(NOW + HOUR, "phone_unsent", "phones_unsent") == []
    # Another one that gets old is new: the administrator hears of it on the day after.
    assert addresses(NOW + DAY, "phone_unsent", "phones_unsent") == ["sends@example.org", "administrator@example.org"]
    assert addresses(NOW + 2 * DAY, "phone_unsent", "phones_unsent") == []


def test_an_officers_telephone_is_told_to_the_supervisor_of_her_station(everybody):
    station = StationFactory()
    OfficerFactory(user=everybody[Role.SUPERVISOR], posted_at=station)
    officer = OfficerFactory(user=UserFactory(role=Role.OFFICER), posted_at=station).user
    phone(officer, waits=2 * DAY)
    phone(everybody[Role.INTERVIEWER], waits=2 * DAY, revoked_at=NOW)

    assert addresses(NOW, "phone_unsent", "phones_unsent") == ["supervisor@example.org"]


@pytest.mark.parametrize(("skew", "told"), [(0, 1), (2 * 3600, 0)])
def test_how_long_it_waits_goes_by_the_server_s_clock(everybody, skew, told):
    phone(everybody[Role.OFFICER], waits=DAY + HOUR, clock_skew_s=-skew)
    assert len(addresses(NOW, "phone_unsent")) == told
