"""The interviews' features as their services perform them, for the test of every feature and scope."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from accounts.actors import SystemActor
from accounts.permissions import Permission
from interviews.models import Interview, Selection
from interviews.services import (
    Meeting,
    NobodyToReplace,
    agree_interview,
    hold_interview,
    propose_interview,
    replace_dropouts,
)
from participants.consent_scopes import Feature, Scope
from tests.factories import NOW, ParticipantFactory

STUDY = SystemActor("test", frozenset(Permission))
TOMORROW = NOW + timedelta(days=1)
HELD = {"starts_at": NOW, "ends_at": NOW, "place": "office"}


def interview_of(world: Any, status: str = "selected", **fields: object) -> Interview:
    selection = Selection.objects.create(seed="1", rule="seeded_random", per_arm=4, selected_at=NOW)
    return Interview.objects.create(
        selection=selection, participant=world.woman, position=1, status=status, held_by=world.care.interviewer,
        **fields,
    )  # fmt: skip


def propose(world: Any) -> bool:
    meeting = Meeting(TOMORROW, 60, Interview.Place.OFFICE)
    propose_interview(by=world.care.interviewer, interview=interview_of(world), meeting=meeting, now=NOW)
    return True


def agree(world: Any) -> bool:
    times = {"starts_at": TOMORROW, "ends_at": TOMORROW + timedelta(hours=1), "place": "office"}
    agree_interview(by=world.care.interviewer, interview=interview_of(world, "proposed", **times), now=NOW)
    return True


def hold(world: Any) -> bool:
    interview = interview_of(world, "agreed", **HELD)
    hold_interview(by=world.care.interviewer, interview=interview, audio_agreed=False, now=NOW)
    return True


def hold_with_recorder(world: Any) -> bool:
    interview = interview_of(world, "agreed", **HELD)
    hold_interview(by=world.care.interviewer, interview=interview, audio_agreed=True, now=NOW)
    return True


def ask_instead(world: Any) -> bool:
    """She is the only one left of the arm when somebody else refuses."""
    other = ParticipantFactory(station=world.care.station, scopes=())
    selection = Selection.objects.create(seed="1", rule="seeded_random", per_arm=1, selected_at=NOW)
    Interview.objects.create(selection=selection, participant=other, position=1, status="refused")
    with suppress(NobodyToReplace):
        replace_dropouts(by=STUDY, chosen_before=selection, now=NOW)
    return Interview.objects.filter(participant=world.woman).exists()


def interview_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    """Return a gate for each way in which something is asked of her, heard or given out."""
    return (
        gate(Feature.INTERVIEW, propose, "interviews.propose_interview"),
        gate(Feature.INTERVIEW, agree, "interviews.agree_interview"),
        gate(Feature.INTERVIEW, hold, "interviews.hold_interview"),
        gate(Feature.RECORD_AUDIO, hold_with_recorder, "interviews.hold_interview", frozenset({Scope.INTERVIEW})),
        gate(Feature.INTERVIEW, ask_instead, "interviews.replace_dropouts"),
    )
