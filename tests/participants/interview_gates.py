"""The interviews' features as their services perform them, for the test of every feature and scope."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from accounts.actors import SystemActor
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from interviews.models import Code, Interview, Selection, TranscriptVersion
from interviews.services import (
    CodeWords,
    Meeting,
    NobodyToReplace,
    Passage,
    add_code,
    agree_interview,
    code_passage,
    finish_coding,
    finish_upload,
    hold_interview,
    mask_transcript,
    open_excerpts,
    open_file,
    open_to_mask,
    open_transcript,
    propose_interview,
    replace_dropouts,
)
from participants.consent_scopes import Feature, Scope
from participants.models import Consent
from tests.factories import NOW, ParticipantFactory, UserFactory
from tests.interviews.bringing import begun, brought, sent, wav

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


def held_by_her(world: Any) -> Any:
    """An interview that was held and recorded while every consent counted."""
    held = interview_of(world, "done", audio_agreed=True, **HELD)
    return SimpleNamespace(interview=held, woman=world.woman, interviewer=world.care.interviewer)


def begin(world: Any, kind: str) -> bool:
    return begun(held_by_her(world), wav(100), kind).size_bytes == 100


def with_consents(world: Any, act: Callable[[], Any]) -> Any:
    """Do something as if every consent counted; then let them be as they were."""
    now = list(world.woman.consents.all())
    world.woman.consents.all().delete()
    Consent.objects.bulk_create(
        Consent(participant=world.woman, scope=scope, text_version="1", given_at=NOW) for scope in Scope
    )
    done = act()
    world.woman.consents.all().delete()
    Consent.objects.bulk_create(now)
    return done


def receive(world: Any) -> bool:
    talk = held_by_her(world)
    file = with_consents(world, lambda: begun(talk, wav(100)))
    return sent(talk, file, wav(100)).received == 1


def finish(world: Any) -> bool:
    talk = held_by_her(world)
    file = with_consents(world, lambda: sent(talk, begun(talk, wav(100)), wav(100)))
    return bool(finish_upload(by=talk.interviewer, file=file, now=NOW).sha256)


def open_recording(world: Any) -> bool:
    talk = held_by_her(world)
    file = with_consents(world, lambda: brought(talk, wav(100)))
    return bool(open_file(by=talk.interviewer, file=file, wanted="", now=NOW))


def text_of_hers(world: Any) -> TranscriptVersion:
    talk = held_by_her(world)
    with_consents(world, lambda: brought(talk, b"E: hola", "transcript"))
    return TranscriptVersion.objects.select_related("interview__participant__vault_key").get()


def read_text(world: Any) -> bool:
    text = text_of_hers(world)
    return bool(open_transcript(by=world.care.interviewer, transcript=text, now=NOW))


def read_to_mask(world: Any) -> bool:
    text = text_of_hers(world)
    return bool(open_to_mask(by=world.care.interviewer, transcript=text, now=NOW))


def mask(world: Any) -> bool:
    text = text_of_hers(world)
    return bool(mask_transcript(by=world.care.interviewer, transcript=text, accepted=[], own_words=[], now=NOW))


def code_of_hers(world: Any, coder: User) -> tuple[TranscriptVersion, Code]:
    original = text_of_hers(world)
    made = with_consents(world, lambda: mask_transcript(
        by=world.care.interviewer, transcript=original, accepted=[], own_words=[], now=NOW
    ))  # fmt: skip
    code = add_code(by=coder, words=CodeWords("Apoyo"), now=NOW)
    return TranscriptVersion.objects.select_related("interview__participant__vault_key").get(pk=made.pk), code


def code_her_text(world: Any) -> bool:
    coder = UserFactory(role=Role.RESEARCHER)
    text, code = code_of_hers(world, coder)
    return bool(code_passage(by=coder, transcript=text, code=code, passage=Passage(0), now=NOW))


def give_passages_out(world: Any) -> bool:
    coder = UserFactory(role=Role.RESEARCHER)
    text, code = code_of_hers(world, coder)
    with_consents(world, lambda: code_passage(by=coder, transcript=text, code=code, passage=Passage(0), now=NOW))
    finish_coding(by=coder, transcript=text, now=NOW)
    return bool(open_excerpts(by=coder, code=code, now=NOW))


BOTH = frozenset({Scope.INTERVIEW})


def interview_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    """Return a gate for each way in which something is asked of her, heard or given out."""
    return (
        gate(Feature.INTERVIEW, propose, "interviews.propose_interview"),
        gate(Feature.INTERVIEW, agree, "interviews.agree_interview"),
        gate(Feature.INTERVIEW, hold, "interviews.hold_interview"),
        gate(Feature.RECORD_AUDIO, hold_with_recorder, "interviews.hold_interview", BOTH),
        gate(Feature.INTERVIEW, ask_instead, "interviews.replace_dropouts"),
        gate(Feature.INTERVIEW, lambda world: begin(world, "transcript"), "interviews.begin_upload"),
        gate(Feature.RECORD_AUDIO, lambda world: begin(world, "audio"), "interviews.begin_upload", BOTH),
        gate(Feature.RECORD_AUDIO, receive, "interviews.receive_piece", BOTH),
        gate(Feature.RECORD_AUDIO, finish, "interviews.finish_upload", BOTH),
        gate(Feature.RECORD_AUDIO, open_recording, "interviews.open_file", BOTH),
        gate(Feature.INTERVIEW, read_text, "interviews.open_transcript"),
        gate(Feature.INTERVIEW, read_to_mask, "interviews.open_to_mask"),
        gate(Feature.INTERVIEW, mask, "interviews.mask_transcript"),
        gate(Feature.INTERVIEW, code_her_text, "interviews.code_passage"),
        gate(Feature.INTERVIEW, give_passages_out, "interviews.open_excerpts"),
    )
