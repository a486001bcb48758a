"""Interviews of every state for the tests that look at every page."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from interviews.models import Code, CodingPass, Interview, InterviewFile, Selection, TranscriptVersion
from interviews.services import CodeWords, Passage, add_code, code_passage, finish_coding, mask_transcript
from participants.models import Consent, Participant
from tests.factories import UserFactory
from tests.interviews.bringing import begun, brought, docx, wav

STATES = ("done", "selected", "proposed", "agreed")


def chosen() -> list[Interview]:
    """Return an interview of each interviewer, in every state; made once."""
    if not Interview.objects.filter(selection__seed="walk").exists():
        now = timezone.now()
        selection = Selection.objects.create(seed="walk", rule="purposive_grid", per_arm=4, selected_at=now)
        women = Participant.objects.in_follow_up().filter(interviews=None).order_by("interviewer_id", "pk")
        for position, woman in enumerate(women.distinct("interviewer_id"), start=1):
            times = {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(hours=1), "place": "office"}
            state = STATES[(position - 1) % len(STATES)]
            Interview.objects.create(
                selection=selection, participant=woman, position=position, status=state, cell="higher_older",
                status_changed_at=now, held_by=woman.interviewer, audio_agreed=True if state == "done" else None,
                **times,
            )  # fmt: skip
            for scope in ("interview", "audio"):
                Consent.objects.get_or_create(
                    participant=woman, scope=scope, defaults={"text_version": "1", "given_at": now}
                )
    return list(Interview.objects.filter(selection__seed="walk").order_by("pk"))


def files() -> list[object]:
    """Return the files there are; each interview that was recorded has every kind, one by half."""
    now = timezone.now()
    for interview in chosen():
        if interview.audio_agreed and not interview.files.exists():
            talk = SimpleNamespace(interview=interview, interviewer=interview.participant.interviewer)
            brought(talk, wav(200), now=now)
            brought(talk, docx("E: ¿Cómo le va?", "P: Bien, en mi barrio."), "transcript", now=now)
            begun(talk, wav(300), now=now)
    rows = InterviewFile.objects.filter(interview__selection__seed="walk").order_by("started_at", "pk")
    return list(rows.values_list("pk", flat=True)[:4])


def transcripts() -> list[object]:
    """Return a text that two have coded, and a few of those interviews as spoken and masked."""
    files()
    now = timezone.now()
    rows = TranscriptVersion.objects.select_related("interview__participant__vault_key")
    for original in rows.filter(form="original", masked=None):
        interviewer = original.interview.participant.interviewer
        mask_transcript(by=interviewer, transcript=original, accepted=[], own_words=[], now=now)
    text = rows.filter(form="masked").earliest("pk")
    for coder in User.objects.filter(role=Role.RESEARCHER).order_by("pk")[:2]:
        if not CodingPass.objects.filter(transcript=text, coder=coder).exists():
            code = Code.objects.get(pk=codes()[0])
            code_passage(by=coder, transcript=text, code=code, passage=Passage(0), now=now)
            finish_coding(by=coder, transcript=text, now=now)
    walk = rows.filter(interview__selection__seed="walk").order_by("pk")
    return [text.pk, *walk.values_list("pk", flat=True)[:4]]


def codes() -> list[object]:
    """Return the codes, one at least; a second researcher is there to code."""
    if User.objects.filter(role=Role.RESEARCHER).count() == 1:
        UserFactory(role=Role.RESEARCHER)
    coder = User.objects.filter(role=Role.RESEARCHER).earliest("pk")
    if not Code.objects.exists():
        add_code(by=coder, words=CodeWords("Apoyo"), now=timezone.now())
        add_code(by=coder, words=CodeWords("Confianza"), now=timezone.now())
    return list(Code.objects.order_by("created_at", "pk").values_list("pk", flat=True))[:2]


# Addresses that take pieces and forms only, or give back what somebody brought herself.
INTERVIEWS_WITHOUT_PAGE = {
    "interview_replace", "upload_begin", "upload_piece", "upload_finish", "file_remove", "file_download",
}  # fmt: skip
INTERVIEW_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "interview_id": lambda: [interview.pk for interview in chosen()],
    "file_id": files,
    "transcript_id": transcripts,
    "code_id": codes,
    "position": lambda: [0],
    "selection_id": lambda: sorted({interview.selection_id for interview in chosen()}),
}
