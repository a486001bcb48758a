"""An interviewer is written her day in counts, once each morning, where her account has a work e-mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from monitoring import tasks
from monitoring.models import StaffMessage
from monitoring.presenters.messages import messages_due
from surveys.models import CallAttempt, SurveyCase
from surveys.services import mark_overdue, schedule_waves
from tests.factories import NOW, ParticipantFactory, ProtocolVersionFactory, UserFactory
from tests.surveys.conftest import STUDY

MINUTE = timedelta(minutes=1)
SENT: list[tuple[str, str]] = []
# 18 November 2026, nine in the morning in Lima.
MORNING = NOW.replace(hour=14, minute=0, second=0, microsecond=0)


class KeepingSender:
    def send(self, address: str, text: str) -> None:
        SENT.append((address, text))


@pytest.fixture(autouse=True)
def sending(settings):
    SENT.clear()
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender"}


def send(now) -> list[tuple[str, str]]:
    """Send what is due at a moment; return what left."""
    before = len(SENT)
    for due in messages_due(now):
        tasks.send_once(due, now=now)
    return SENT[before:]


@pytest.fixture
def asks(db):
    """An interviewer with an address and three women, one survey of each open today; another one without a woman."""
    ProtocolVersionFactory()
    asks = UserFactory(role=Role.INTERVIEWER, work_email="encuestadora@example.org", language="es")
    UserFactory(role=Role.INTERVIEWER, work_email="nueva@example.org")
    today = timezone.localdate(MORNING)
    for days in (92, 92, 108):
        woman = ParticipantFactory(interviewer=asks, enrolled_on=today - timedelta(days=days))
        schedule_waves(by=STUDY, participant=woman, now=MORNING)
        woman.survey_cases.filter(wave="baseline").update(status="done")
    mark_overdue(by=STUDY, now=MORNING)
    return asks


@pytest.mark.requirement("F55")
def test_an_interviewer_is_written_her_day_once_in_neutral_counts(asks):
    case = SurveyCase.objects.filter(wave="month_3", participant__interviewer=asks).first()
    CallAttempt.objects.create(
        case=case, attempted_at=MORNING - timedelta(days=1), channel="visit", outcome="agreed", made_by=asks,
        next_at=MORNING + timedelta(hours=4), recorded_at=MORNING,
    )  # fmt: skip
    told = (
        "encuestadora@example.org",
        """Hoy: 1 por intentar, 0 de días anteriores, 0 por cerrar en tres días, 1 por explicar. Ingrese a la agenda.
En la primera página de su agenda esperan: 0 sin demora, 4 para hoy, 3 para cuando pueda.
Por explicar: 1. Días de espera de lo más antiguo: 2. Fuera de plazo: 0. Ayer: –.
Por hacer: 3. Días de espera de lo más antiguo: 16. Fuera de plazo: 1. Ayer: –.
Por contactar: 3. Días de espera de lo más antiguo: –. Fuera de plazo: 0. Ayer: –.""",
    )
    assert send(MORNING) == [told]
    assert send(MORNING + MINUTE) == []
    message = StaffMessage.objects.get()
    assert (message.kind, message.about, message.to) == ("surveys", "2026-11-18", f"account:{asks.pk}")
    assert send(MORNING + timedelta(days=1))[0][0] == "encuestadora@example.org"


@pytest.mark.parametrize(("hour", "minute", "due"), [(5, 59, 0), (6, 0, 1), (11, 59, 1), (12, 0, 0)])
def test_an_interviewers_day_leaves_in_the_morning_of_lima(asks, hour, minute, due):
    assert len(messages_due(MORNING.replace(hour=hour + 5, minute=minute))) == due


def test_an_interviewer_who_left_or_has_no_address_or_nothing_to_do_is_not_written_to(asks):
    asks.work_email = ""
    asks.save()
    assert messages_due(MORNING) == []
    asks.work_email, asks.is_active = "encuestadora@example.org", False
    asks.save()
    assert messages_due(MORNING) == []
