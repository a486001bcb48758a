"""Safety cases for tests."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from safety.models import SafetyAction, SafetyCase
from tests.factories import NOW, ParticipantFactory


class SafetyCaseFactory(DjangoModelFactory):
    """A case that a risk sheet raised two hours ago and nobody has answered."""

    class Meta:
        model = SafetyCase

    participant = factory.SubFactory(ParticipantFactory)
    station = factory.SelfAttribute("participant.station")
    rule = "strangulation"
    severity = SafetyCase.Severity.SERIOUS
    origin = SafetyCase.Origin.ASSESSMENT
    raised_at = NOW - timedelta(hours=2)
    first_response_due_at = NOW + timedelta(hours=22)

    class Params:
        at_work = factory.Trait(state="in_progress", first_response_at=NOW - timedelta(hours=1))
        closed = factory.Trait(
            state="closed",
            first_response_at=NOW - timedelta(hours=1),
            closed_at=NOW - timedelta(hours=1),
            outcome="safe_for_now",
        )


class SafetyActionFactory(DjangoModelFactory):
    """The first answer to a case."""

    class Meta:
        model = SafetyAction

    case = factory.SubFactory(SafetyCaseFactory, at_work=True)
    kind = SafetyAction.Kind.SPOKE_TO_HER
    at = NOW - timedelta(hours=1)
