"""A morning by what is to be done: how much, how old the oldest is, what is past its term, and how it was yesterday."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from messaging.texts import message_text, text_codes
from monitoring import services, tasks
from monitoring.models import LastMorning
from monitoring.presenters.messages import message_words, morning_of, topic_lines
from monitoring.presenters.needs import NEEDS, need_rows
from monitoring.presenters.needs.lines import Counted, Waiting
from monitoring.presenters.needs.topics import COUNTED_WITH_ANOTHER, TOPIC_OF, Topic
from participants.models import IncidentReport
from stations.models import Station
from tests.factories import NOW, OfficerFactory, ProtocolVersionFactory, StationFactory, UserFactory
from tests.monitoring.sent import SENT, all_jobs_ran, keep
from tests.monitoring.test_mornings import doubtful
from tests.panel.planning import proposed
from tests.safety.factories import SafetyCaseFactory

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Wednesday, 18 November 2026, nine in the morning in Lima.
MORNING = NOW.replace(hour=14, minute=0)
TODAY = timezone.localdate(MORNING)
NEED = {need.code: need for need in NEEDS}


@pytest.fixture
def sending(settings, db):
    keep(settings)
    ProtocolVersionFactory()
    all_jobs_ran(MORNING)


def person(role: Role, **more) -> User:
    return UserFactory(role=role, work_email=f"{role}@example.org", language="es", **more)


def topics_of(user: User, now: datetime = MORNING) -> dict[str, dict[str, int | str]]:
    due = morning_of(user, now).due
    lines = due.lines if due else ()
    return {line.code: dict(line.counts) for line in lines if line.code.startswith("waiting_")}


def test_everything_that_can_wait_has_one_topic_and_each_topic_its_text():
    assert set(TOPIC_OF) | COUNTED_WITH_ANOTHER == {need.code for need in NEEDS}
    assert not set(TOPIC_OF) & COUNTED_WITH_ANOTHER
    assert {f"waiting_{topic}" for topic in Topic} <= set(text_codes())
    for language in ("es", "en"):
        texts = [message_text(f"waiting_{topic}", language) for topic in Topic]
        assert len(set(texts)) == len(texts)
        for text in texts:
            assert all(f"${name}" in text for name in ("number", "days", "overdue", "before"))


@pytest.mark.requirement("F55")
def test_a_safety_officer_reads_how_old_the_oldest_alert_is_and_how_many_are_past_their_term(sending):
    user = person(Role.SAFETY_OFFICER)
    for days, hours in ((3, -48), (1, 5), (0, 24)):
        SafetyCaseFactory(raised_at=MORNING - days * DAY, first_response_due_at=MORNING + hours * HOUR)

    found = topics_of(user)["waiting_see"]

    # Three alerts; and seven days of the coming week without anybody on duty, which have no age.
    assert found == {"number": 10, "days": 3, "overdue": 1, "before": "–"}


@pytest.mark.requirement("F55")
def test_a_coordinator_reads_what_is_to_be_decided_and_explained(sending):
    user = person(Role.ADMINISTRATOR)
    plan = proposed()
    type(plan).objects.update(proposed_at=MORNING - 2 * DAY)
    query = doubtful(desk="station", station=StationFactory())
    type(query).objects.update(opened_at=MORNING - 9 * DAY, due_on=TODAY - DAY)
    doubtful(desk="station", station=StationFactory())

    found = topics_of(user)

    assert found["waiting_decide"] == {"number": 1, "days": 2, "overdue": 0, "before": "–"}
    assert found["waiting_explain"] == {"number": 2, "days": 9, "overdue": 1, "before": "–"}


@pytest.mark.requirement("F55")
def test_a_supervisor_reads_what_waits_at_her_station_alone(sending):
    user = person(Role.SUPERVISOR)
    own: Station = OfficerFactory(user=user, posted_at=StationFactory()).postings.get().station
    for number, (station, days) in enumerate(((own, 4), (own, 1), (StationFactory(), 30))):
        IncidentReport.objects.create(
            code=f"R{number:06d}", station=station, reported_on=TODAY - days * DAY, received_at=MORNING - days * DAY,
            source="file",
        )  # fmt: skip

    assert topics_of(user) == {"waiting_reach": {"number": 2, "days": 4, "overdue": 0, "before": "–"}}


@pytest.mark.requirement("F55")
def test_the_next_morning_says_how_it_was_the_day_before(sending):
    user = person(Role.INTERVIEWER)
    doubtful(desk="interviewer", person=user)
    tasks.tell_everybody(now=MORNING)
    assert LastMorning.objects.get().counts == {"explain": 1}
    doubtful(desk="interviewer", person=user)

    assert topics_of(user, MORNING + DAY)["waiting_explain"]["before"] == 1
    # Two days later nobody knows how it was the day before.
    assert topics_of(user, MORNING + 2 * DAY)["waiting_explain"]["before"] == "–"
    services.note_morning(user=user, counts={"do": 3}, now=MORNING + DAY)
    assert topics_of(user, MORNING + 2 * DAY)["waiting_explain"]["before"] == 0


def test_a_message_that_certainly_did_not_leave_keeps_what_was_known_of_yesterday(sending, settings):
    user = person(Role.INTERVIEWER)
    doubtful(desk="interviewer", person=user)
    tasks.tell_everybody(now=MORNING)
    settings.MESSAGE_SENDERS = dict.fromkeys(("email", "sms"), "tests.monitoring.sent.RefusingSender")
    tasks.tell_everybody(now=MORNING + DAY)
    keep(settings)

    tasks.tell_everybody(now=MORNING + DAY + HOUR)

    (text,) = (text for _address, text in SENT)
    assert text.splitlines()[-1] == (
        "Por explicar: 1. Días de espera de lo más antiguo: 1. Fuera de plazo: 1. Ayer: 1."
    )


@pytest.mark.parametrize(
    ("oldest", "days"),
    [
        # 04:59 UTC is still the day before in Lima, 05:00 is not.
        (NOW.replace(hour=4, minute=59), 1),
        (NOW.replace(hour=5, minute=0), 0),
        (TODAY - 10 * DAY, 10),
        # What is agreed for later today does not wait yet.
        (TODAY + DAY, 0),
        (None, "–"),
    ],
)
def test_days_are_those_of_lima_s_calendar(oldest, days):
    (line,) = topic_lines([Waiting(NEED["doubtful"], Counted(1, oldest))], None, today=TODAY)
    assert line.counts["days"] == days


def test_the_oldest_of_several_kinds_counts_and_what_has_no_age_hides_none():
    found = [
        Waiting(NEED["without_duty"], Counted(7)),
        Waiting(NEED["cases_open"], Counted(2, MORNING - 2 * DAY, 1)),
        Waiting(NEED["complaints"], Counted(1, MORNING - 5 * DAY, 1)),
        Waiting(NEED["cases_overdue"], Counted(1, MORNING - 9 * DAY, 1)),
    ]
    (line,) = topic_lines(found, {"see": 4}, today=TODAY)
    assert dict(line.counts) == {"number": 10, "days": 5, "overdue": 2, "before": 4}


@pytest.mark.requirement("F55")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.SAFETY_OFFICER])
def test_the_lines_add_up_to_the_first_page_and_say_no_word_of_it(sending, role, language):
    user = UserFactory(role=role, work_email="somebody@example.org", language=language)
    if role == Role.SUPERVISOR:
        station = OfficerFactory(user=user, posted_at=StationFactory()).postings.get().station
        doubtful(desk="station", station=station)
    case = SafetyCaseFactory(raised_at=MORNING - DAY, first_response_due_at=MORNING + HOUR)
    proposed()
    rows = need_rows(user, now=MORNING)

    morning = morning_of(user, MORNING)

    assert sum(morning.counts.values()) == sum(row.number for row in rows)
    assert morning.due is not None
    words = message_words(morning.due)
    assert "http" not in words
    assert not [row.words for row in rows if row.words in words]
    assert case.participant.study_code not in words
