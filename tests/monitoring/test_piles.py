"""Logs, held answers and surveys to ask again: told once a day at most, to whoever has them, only when some are new."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.roles import Role
from monitoring.models import StaffMessage
from monitoring.telling import TELL_WITHIN
from surveys.models import EntryDecision, PhoneEntry, SurveyCase
from tests.back_checks.conftest import laid_field
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory, VisitFactory
from tests.monitoring.sent import addresses, keep, send
from tests.visits.conftest import make_field
from visits.models import LogConflict, VisitLog

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def sending(settings, db):
    keep(settings)


def addressed(user: User, name: str) -> User:
    user.work_email = f"{name}@example.org"
    user.save()
    return user


def conflict(station, at, *, by: User) -> LogConflict:
    visit = VisitFactory(plan__participant=ParticipantFactory(station=station), status="done")
    log = VisitLog.objects.create(visit=visit, outcome="met", occurred_at=at, received_at=at)
    return LogConflict.objects.create(
        visit=visit, log=log, first={}, first_sha256="0" * 64, second={}, second_by=by, second_id=uuid4(),
        second_sha256="1" * 64, received_at=at,
    )  # fmt: skip


@pytest.mark.requirement("F55")
def test_a_supervisor_hears_once_a_day_that_logs_of_her_station_do_not_agree():
    field = make_field()
    addressed(field.supervisor, "supervisora")
    addressed(field.officer, "oficial")
    conflict(field.as_usual, NOW, by=field.stranger)
    assert addresses(NOW, "logs_waiting") == []
    for _number in range(3):
        conflict(field.by_risk, NOW, by=field.officer)

    assert send(NOW, "logs_waiting") == [
        ("supervisora@example.org", "Algo espera su decisión en la agenda. Ingrese para verlo.")
    ]
    # The same three are not told again; one that comes on the same day waits for the next.
    assert addresses(NOW + DAY, "logs_waiting") == []
    StaffMessage.objects.filter(about="2026-11-19").delete()
    conflict(field.by_risk, NOW + HOUR, by=field.officer)
    assert addresses(NOW + 2 * HOUR, "logs_waiting") == []
    assert addresses(NOW + DAY, "logs_waiting") == ["supervisora@example.org"]
    LogConflict.objects.update(decision="first", decided_at=NOW + DAY, decided_by=field.supervisor)
    StaffMessage.objects.all().delete()
    assert addresses(NOW + DAY, "logs_waiting") == []


@pytest.mark.requirement("F55")
def test_the_administrator_hears_that_answers_are_held_for_her():
    ProtocolVersionFactory()
    boss, asks = addressed(UserFactory(role=Role.ADMINISTRATOR), "jefa"), UserFactory(role=Role.INTERVIEWER)
    addressed(asks, "encuestadora")
    case = SurveyCase.objects.create(
        participant=ParticipantFactory(interviewer=asks), wave="month_3", wave_number=1, due_on=NOW.date(),
        window_from=NOW.date(), window_until=NOW.date(), status_changed_at=NOW,
    )  # fmt: skip
    entry = PhoneEntry.objects.create(
        case=case, kind="survey", made_at=NOW, received_at=NOW, sent_by=asks, content_hmac="0" * 64,
        held_for="survey_closed", sealed_content=b"x",
    )  # fmt: skip

    assert addresses(NOW, "entries_waiting") == ["jefa@example.org"]
    assert addresses(NOW + DAY, "entries_waiting") == []
    StaffMessage.objects.all().delete()
    assert addresses(NOW + TELL_WITHIN, "entries_waiting") == []
    EntryDecision.objects.create(entry=entry, decision="set_aside", reason="repeated", decided_by=boss, decided_at=NOW)
    assert addresses(NOW, "entries_waiting") == []


@pytest.mark.requirement("F55", "N13")
def test_a_second_interviewer_hears_once_that_she_was_given_surveys_to_ask_again():
    field = laid_field()
    addressed(field.second, "segunda")
    addressed(field.first, "primera")
    field.check(given_at=NOW - HOUR)
    field.check(given_at=NOW - 2 * HOUR)
    field.check(given_at=None)

    assert send(NOW, "back_check") == [
        ("segunda@example.org", "La agenda tiene una tarea nueva para usted. Ingrese para verla.")
    ]
    assert addresses(NOW + HOUR, "back_check") == []
    assert addresses(NOW + DAY, "back_check") == []
    field.check(given_at=NOW + DAY)
    assert addresses(NOW + DAY, "back_check") == ["segunda@example.org"]
