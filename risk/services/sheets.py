"""Sheets from phones that had no signal: each is kept exactly once and scored again here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import sealing
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import agreed_at, is_within_reach, may_report_on
from participants.receipts import CONFLICT, NEW, REFUSED, SAME_AGAIN, SyncResult
from participants.services import ConsentMissing, ParticipantOutOfReach
from participants.status import ENDED
from risk import queries, scale_file
from risk.models import Assessment, CurrentRisk, PhoneSheet, Scale
from risk.scoring import AnswerUnknown, alerts_due, raised_level
from risk.services.assessing import (
    ASSESSMENT_NOTE,
    FormIsBlank,
    PrintedLevel,
    RaiseNeedsReason,
    ScaleNotLoaded,
    audited_details,
    hold_level,
    keep_level_held,
    raise_risk_case,
    score_form,
)
from risk.services.lowering import propose_lowering, set_aside_lowering
from risk.sheet_content import SentSheet, SheetMark, marks_of_time, sheet_sha256
from stations.models import Posting

# What follows from a sheet of an officer who serves elsewhere by now is done all the same.
SYNC = SystemActor("sheet sync", frozenset({Permission.RAISE_CASES}))


class SheetIdTaken(StudyError):
    """The identifier belongs to a sheet of another woman."""

    code = "log_id_taken"
    message = _("Another sheet has this identifier: give this one a new one and send it again.")
    http_status = 422


class SheetBeforeEnrolment(StudyError):
    """A sheet cannot have been filled in before she joined."""

    code = "sheet_before_enrolment"
    message = _("The sheet cannot have been filled in before she joined: check the telephone’s day and hour.")
    http_status = 422


class AnswerNotOffered(StudyError):
    """An answer, an item or a level that the scale does not have."""

    code = "answer_unknown"
    message = _("An answer does not fit the sheet: open it again and answer it anew.")
    http_status = 422


class SheetSeen(StudyError):
    """Somebody was faster, or pressed twice."""

    code = "sheet_seen"
    message = _("Somebody has looked at this sheet already.")
    http_status = 409


@transaction.atomic
def sync_sheets(*, by: User, sent: Sequence[SentSheet], clock_skew_s: int | None, now: datetime) -> list[SyncResult]:
    """Keep sheets that a phone filled in without signal, in the order sent; return what became of each.

    Each is scored here by the version that it was filled in on; where the phone counted otherwise it is marked and the
    score of the server holds. A level only rises by it where a newer sheet was here already. The same again is told
    so; another content under one identifier is kept as a sheet of its own, and is a receipt too. Refused is only what
    says nothing, does not fit the scale, lies before she joined or outside of her consent, or is of no woman of a
    station where the officer serves or then served.
    """
    require(by, Permission.ASSESS_RISK)
    results = keep_sheets(by, sent, clock_skew_s, now)
    counts = Counter(str(result.status) for result in results)
    record(actor=by, action="risk.sync", object_type="sheet", details={**counts, "clock_skew_s": clock_skew_s})
    return results


@transaction.atomic
def see_sheet(*, by: User, sheet: PhoneSheet, now: datetime) -> PhoneSheet:
    """Note who looked at a marked sheet, and when; nothing else of it changes.

    Raise ParticipantOutOfReach where it is of a woman of another station, SheetSeen if somebody looked at it before.
    """
    require(by, Permission.LOWER_RISK)
    locked = PhoneSheet.objects.select_for_update(of=("self",)).select_related("assessment__participant")
    sheet = locked.get(pk=sheet.pk)
    woman = sheet.assessment.participant
    if not is_within_reach(by, woman, now):
        raise ParticipantOutOfReach
    if sheet.seen_at is not None:
        raise SheetSeen
    sheet.seen_at, sheet.seen_by = now, by
    sheet.save(update_fields=["seen_at", "seen_by"])
    details = {"assessment": sheet.assessment_id, "marks": sheet.marks}
    record(actor=by, action="risk.see_sheet", object_type="participant", object_id=woman.study_code, details=details)
    return sheet


def keep_sheets(
    officer: User, sent: Sequence[SentSheet], clock_skew_s: int | None, now: datetime, *, brought_by: User | None = None
) -> list[SyncResult]:
    """Keep sheets as those of the officer who filled them in; `brought_by` is who had them in a file."""
    batch = _load(officer, sent, clock_skew_s, now, brought_by)
    return [_kept(batch, sheet) for sheet in sent]


@dataclass(slots=True)
class _Batch:
    """What is known of the women of a batch, under their locks."""

    by: User
    brought_by: User | None
    clock_skew_s: int | None
    now: datetime
    women: dict[str, Participant]
    known: dict[UUID, Assessment]
    postings: list[Posting]
    agreed: set[tuple[int, datetime]]
    scale_now: Scale | None
    scales: dict[str, Scale] = field(default_factory=dict)


def _load(
    by: User, sent: Sequence[SentSheet], clock_skew_s: int | None, now: datetime, brought_by: User | None
) -> _Batch:
    """Lock the women in one order, so that nobody waits for each other for ever."""
    locked = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("vault_key")
    codes = {sheet.participant for sheet in sent}
    women = {woman.study_code: woman for woman in locked.filter(study_code__in=codes).order_by("pk")}
    ids = {sheet.id for sheet in sent} | {
        _second_id(sheet, _digest(women[sheet.participant], sheet)) for sheet in sent if sheet.participant in women
    }
    known = Assessment.objects.filter(form_id__in=ids).select_related("from_phone").order_by("pk")
    moments = {(women[sheet.participant].pk, sheet.filled_at) for sheet in sent if sheet.participant in women}
    return _Batch(
        by=by,
        brought_by=brought_by,
        clock_skew_s=clock_skew_s,
        now=now,
        women=women,
        known={assessment.form_id: assessment for assessment in known if assessment.form_id},
        postings=list(Posting.objects.standing().filter(officer__user=by).order_by("pk")),
        agreed=agreed_at(Feature.ASSESS_RISK, moments),
        scale_now=queries.scale_in_force(timezone.localdate(now)),
        scales={str(scale): scale for scale in Scale.objects.filter(_named(sent)).order_by("pk")},
    )


def _named(sent: Sequence[SentSheet]) -> Q:
    """Return the condition for the versions on which the sheets were filled in."""
    versions = Q(pk__in=())
    for code, version in {(sheet.content["scale"]["code"], sheet.content["scale"]["version"]) for sheet in sent}:
        versions |= Q(code=code, version=version)
    return versions


def _kept(batch: _Batch, sheet: SentSheet) -> SyncResult:
    try:
        return _judged(batch, sheet)
    except StudyError as error:
        return _refusal(sheet, error)
    except AnswerUnknown:
        return _refusal(sheet, AnswerNotOffered())
    except IntegrityError:
        # A sheet of another woman took the identifier in this moment.
        return _refusal(sheet, SheetIdTaken())


def _judged(batch: _Batch, sheet: SentSheet) -> SyncResult:
    """Judge one sheet, and write it if it is new."""
    woman = _woman_of(batch, sheet)
    digest = _digest(woman, sheet)
    first = batch.known.get(sheet.id)
    if first is not None and first.participant_id != woman.pk:
        raise SheetIdTaken
    if first is not None and first.content_hmac == digest:
        return _receipt(sheet, SAME_AGAIN, _received_at(first))
    second_id = _second_id(sheet, digest)
    if (again := batch.known.get(second_id)) is not None:
        return _receipt(sheet, CONFLICT, _received_at(again))
    _check(batch, woman, sheet)
    form_id = sheet.id if first is None else second_id
    with transaction.atomic():
        batch.known[form_id] = _assess(batch, woman, sheet, form_id=form_id, digest=digest)
    return _receipt(sheet, NEW if first is None else CONFLICT, batch.now)


def _woman_of(batch: _Batch, sheet: SentSheet) -> Participant:
    """Return the woman, if the officer cares for her, did lately, or serves or then served at her station."""
    woman = batch.women.get(sheet.participant)
    if woman is None:
        raise ParticipantOutOfReach
    days = {timezone.localdate(batch.now), timezone.localdate(sheet.filled_at)}
    serves = any(_covers(posting, woman.station_id, day) for posting in batch.postings for day in days)
    if not serves and not may_report_on(batch.by, woman, batch.now):
        raise ParticipantOutOfReach
    return woman


def _covers(posting: Posting, station_id: int, day: date) -> bool:
    is_over = posting.ends_on is not None and posting.ends_on < day
    return posting.station_id == station_id and posting.starts_on <= day and not is_over


def _check(batch: _Batch, woman: Participant, sheet: SentSheet) -> None:
    if timezone.localdate(sheet.filled_at) < woman.enrolled_on:
        raise SheetBeforeEnrolment
    if (woman.pk, sheet.filled_at) not in batch.agreed:
        raise ConsentMissing
    if not sheet.content.keys() & {"officer_level", "note", "own_rating", "printed"} and not (
        sheet.content["answers"] or sheet.content["overrides"]
    ):
        raise FormIsBlank


def _assess(batch: _Batch, woman: Participant, sheet: SentSheet, *, form_id: UUID, digest: str) -> Assessment:
    """Score a sheet here, let the level follow, and put what it warns of before the safety officer."""
    scale, rules = _scale_of(batch, sheet)
    content, at = sheet.content, min(sheet.filled_at, batch.now)
    held = CurrentRisk.objects.select_for_update().filter(participant=woman).first()
    latest = queries.assessments_of(woman).first()
    is_overtaken = latest is not None and latest.assessed_at > at
    assessment = Assessment(participant=woman, scale=scale, assessed_at=at, assessed_by=batch.by)
    assessment.own_rating, assessment.form_id, assessment.content_hmac = content.get("own_rating"), form_id, digest
    printed = PrintedLevel(**content["printed"]) if "printed" in content else None
    score_form(assessment, rules, content["answers"], content["overrides"], printed)
    _judge_level(assessment, rules, sheet)
    previous = queries.answers_before(woman, at)
    due = alerts_due(rules, level=assessment.level, answers=content["answers"], previous=previous)
    proposed = keep_level_held(assessment, rules, held)
    assessment.save()
    proposed = _follow(batch, assessment, held, rules, proposed="" if is_overtaken else proposed, is_late=is_overtaken)
    # Whoever holds a file could have written it: nothing follows in the officer's own name.
    is_hers = batch.brought_by is None and is_within_reach(batch.by, woman, batch.now)
    actor: Actor = batch.by if is_hers else SYNC
    cases = [raise_risk_case(assessment, rule.code, actor=actor, now=batch.now) for rule in due]
    marks = _marks(batch, assessment, sheet, is_overtaken=is_overtaken)
    assessment.from_phone = _keep_what_the_phone_said(batch, assessment, sheet, marks)
    details = {**audited_details(assessment, cases, proposed), "marks": marks}
    record(
        actor=batch.brought_by or batch.by,
        action="risk.assess",
        object_type="participant",
        object_id=woman.study_code,
        details=details,
    )
    return assessment


def _scale_of(batch: _Batch, sheet: SentSheet) -> tuple[Scale, scale_file.Scale]:
    """Return the version on which the sheet was filled in; one that is not known here gives way to that in force."""
    named = sheet.content["scale"]
    scale = batch.scales.get(f"{named['code']} {named['version']}") or batch.scale_now
    if scale is None:
        raise ScaleNotLoaded
    return scale, queries.scale_rules(scale)


def _judge_level(assessment: Assessment, rules: scale_file.Scale, sheet: SentSheet) -> None:
    """Take the officer's level where it is higher than the computed one and than what her phone had shown her."""
    chosen, shown = sheet.content.get("officer_level", ""), sheet.content.get("device_level", "")
    computed, reason = assessment.computed_level, sheet.content.get("reason", "")
    if chosen and chosen not in rules.ranks:
        raise AnswerNotOffered
    assessment.level = raised_level(rules, computed, chosen) if chosen != shown else computed
    assessment.officer_level = chosen
    if assessment.level != computed:
        if not reason or (reason == Assessment.RaisedReason.OTHER and "note" not in sheet.content):
            raise RaiseNeedsReason
        assessment.raised_reason = reason
    note = sheet.content.get("note", "")
    assessment.sealed_note = sealing.seal_text(assessment.participant, note, purpose=ASSESSMENT_NOTE)


def _follow(
    batch: _Batch,
    assessment: Assessment,
    held: CurrentRisk | None,
    rules: scale_file.Scale,
    *,
    proposed: str,
    is_late: bool,
) -> str:
    """Let the level held follow, if she still takes part: only upwards where a newer sheet was here already.

    Return the lower level that is proposed, "" if none.
    """
    woman = assessment.participant
    if woman.status in ENDED:
        return ""
    if is_late:
        if held is None or assessment.level_rank > held.level_rank:
            hold_level(assessment, held)
        return ""
    hold_level(assessment, held)
    set_aside_lowering(woman, now=batch.now)
    if proposed:
        propose_lowering(assessment, to_level=proposed, to_rank=rules.ranks[proposed])
    return proposed


def _marks(batch: _Batch, assessment: Assessment, sheet: SentSheet, *, is_overtaken: bool) -> list[str]:
    """Return why a supervisor looks at a sheet, in the order of the marks."""
    said, named = sheet.content, sheet.content["scale"]
    differs = (said.get("device_score"), said.get("device_level", "")) != (assessment.score, assessment.computed_level)
    is_in_force = batch.scale_now is not None and str(batch.scale_now) == f"{named['code']} {named['version']}"
    found = {
        SheetMark.SCORE_DIFFERS: differs,
        SheetMark.OTHER_VERSION: not is_in_force,
        SheetMark.OTHER_CONTENT: assessment.form_id != sheet.id,
        SheetMark.OVERTAKEN: is_overtaken,
        SheetMark.LEFT: assessment.participant.status in ENDED,
        SheetMark.RESCUED: batch.brought_by is not None,
    }
    of_time = marks_of_time(filled_at=sheet.filled_at, received_at=batch.now, clock_skew_s=batch.clock_skew_s)
    return [str(mark) for mark in SheetMark if found.get(mark) or mark in of_time]


def _keep_what_the_phone_said(batch: _Batch, assessment: Assessment, sheet: SentSheet, marks: list[str]) -> PhoneSheet:
    said = sheet.content
    return PhoneSheet.objects.create(
        assessment=assessment,
        sheet_id=sheet.id,
        visit_id=said.get("visit"),
        filled_at=sheet.filled_at,
        received_at=batch.now,
        device_score=said.get("device_score"),
        device_level=said.get("device_level", ""),
        device_version=f"{said['scale']['code']} {said['scale']['version']}",
        marks=marks,
        clock_skew_s=batch.clock_skew_s,
    )


def _digest(woman: Participant, sheet: SentSheet) -> str:
    """Return a keyed hash of all that a sheet says: without the key, nobody can guess its answers from it."""
    return salted_hmac("risk.sheet", f"{woman.pk} {sheet_sha256(sheet.content)}", algorithm="sha256").hexdigest()


def _second_id(sheet: SentSheet, digest: str) -> UUID:
    """Return by what another content under the same identifier is kept: always the same for the same content."""
    return uuid5(sheet.id, digest)


def _received_at(assessment: Assessment) -> datetime:
    kept = getattr(assessment, "from_phone", None)
    return kept.received_at if kept is not None else assessment.assessed_at


def _receipt(sheet: SentSheet, status: int, received_at: datetime) -> SyncResult:
    said = {"code": "sheet_conflict", "detail": str(_BOTH_KEPT)} if status == CONFLICT else {}
    return SyncResult(sheet.id, status, received_at, sheet.receipt_sha256, **said)


def _refusal(sheet: SentSheet, error: StudyError) -> SyncResult:
    return SyncResult(sheet.id, REFUSED, code=error.code, detail=str(error), field=error.field)


_BOTH_KEPT = _("This sheet was already sent with other answers: both are kept, and a supervisor looks at them.")
