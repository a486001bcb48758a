"""Interviews of every state for the demonstration, with short texts coded by two, by the services of the study."""

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta

from accounts.models import User
from interviews.code_tree import COLOURS
from interviews.file_formats import Kind
from interviews.models import Code, Interview, TranscriptVersion
from interviews.selection import Rule
from interviews.services import (
    CodeWords,
    Meeting,
    NobodyToReplace,
    Passage,
    TooFewConsenting,
    add_code,
    agree_interview,
    begin_upload,
    code_passage,
    end_interview,
    finish_coding,
    finish_upload,
    hold_interview,
    mask_transcript,
    open_to_mask,
    propose_interview,
    receive_piece,
    replace_dropouts,
    select_interviewees,
)
from interviews.uploading import Offer
from participants.safe_contact import Contact, next_safe_moment
from simulation.interview_texts import CODES, MARKS, TRANSCRIPTS
from simulation.loading import Loading

_CHOSEN_DAYS_AGO, _HELD, _AGREED, _PROPOSED, _REFUSED = 40, 8, 10, 12, 13
_MINUTES = 45


def load_interviews(load: Loading) -> int:
    """Choose sixteen women, hold half of the interviews and code the first; return how many were chosen.

    None where too few consent, as in a small world.
    """
    administrator = User.objects.get(username="administradora")
    chosen_at = load.now - timedelta(days=_CHOSEN_DAYS_AGO)
    try:
        selection = select_interviewees(
            by=administrator, seed=load.world.settings.seed, rule=Rule.PURPOSIVE_GRID, now=chosen_at
        )
    except TooFewConsenting:
        return 0
    interviews = list(selection.interviews.select_related("participant__safe_contact").order_by("position"))
    for place, interview in enumerate(interviews):
        _follow(load, interview, place, chosen_at)
    if selection.interviews.filter(status=Interview.Status.REFUSED).exists():
        with suppress(NobodyToReplace):
            replace_dropouts(by=administrator, chosen_before=selection, now=load.now)
    _code_texts(load)
    return len(interviews)


def _follow(load: Loading, interview: Interview, place: int, chosen_at: datetime) -> None:
    """Take an interview as far as its place in the list says."""
    by, plan = interview.participant.interviewer, interview.participant.safe_contact.times
    if by is None or place > _REFUSED:
        return
    if place == _REFUSED:
        end_interview(by=by, interview=interview, outcome=Interview.Status.REFUSED, now=chosen_at)
        return
    is_past = place < _HELD
    from_day = (chosen_at if is_past else load.now) + timedelta(days=2 + place)
    starts_at = next_safe_moment(plan, from_day.replace(hour=5, minute=0, second=0, microsecond=0), Contact.VISIT)
    if starts_at is None or place >= _PROPOSED:
        return
    now = chosen_at if is_past else load.now
    meeting = Meeting(starts_at, _MINUTES, Interview.Place.HEALTH_CENTRE)
    propose_interview(by=by, interview=interview, meeting=meeting, now=now)
    if place < _AGREED:
        agree_interview(by=by, interview=interview, now=now)
    if is_past:
        hold_interview(by=by, interview=interview, audio_agreed=False, now=meeting.ends_at)
        if place < len(TRANSCRIPTS):
            _bring_text(by, interview, "\n".join(TRANSCRIPTS[place]).encode(), meeting.ends_at)


def _bring_text(by: User, interview: Interview, content: bytes, now: datetime) -> None:
    """Bring a transcript in and mask all that is suggested."""
    offer = Offer(Kind.TRANSCRIPT, len(content), hashlib.sha256(content).hexdigest())
    file = begin_upload(by=by, interview=interview, offer=offer, now=now)
    file = receive_piece(by=by, file=file, position=0, content=content, sha256="", now=now)
    finish_upload(by=by, file=file, now=now)
    original = TranscriptVersion.objects.select_related("interview__participant__vault_key").get(file=file)
    found = open_to_mask(by=by, transcript=original, now=now).suggestions
    places = [(one.paragraph, one.start, one.end) for one in found]
    mask_transcript(by=by, transcript=original, accepted=places, own_words=[], now=now)


def _code_texts(load: Loading) -> None:
    """Write the codebook, and let two code the first text each by herself."""
    coders = list(User.objects.filter(username__in=("investigadora", "investigadora2")).order_by("username"))
    codes: dict[str, Code] = {}
    for number, (name, memo, parent) in enumerate(CODES):
        words = CodeWords(name, memo, number % len(COLOURS), codes.get(parent))
        codes[name] = add_code(by=coders[0], words=words, now=load.now)
    texts = TranscriptVersion.objects.filter(form=TranscriptVersion.Form.MASKED).order_by("interview__position")
    first = texts.select_related("interview__participant__vault_key").first()
    if first is None:
        return
    for coder, marks in zip(coders, MARKS, strict=False):
        for paragraph, name in marks:
            code_passage(by=coder, transcript=first, code=codes[name], passage=Passage(paragraph), now=load.now)
        finish_coding(by=coder, transcript=first, now=load.now)
