"""Logs from phones that had no signal: each is kept exactly once, or the phone is told why not."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, SystemActor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record, record_all
from participants.consent_scopes import Feature
from participants.models import Participant
from participants.queries import agreed_at
from participants.receipts import CONFLICT, NEW, REFUSED, SAME_AGAIN, SyncResult
from participants.services import ConsentMissing, ParticipantOutOfReach
from stations.models import Posting
from visits.log_content import content_sha256, moment_of
from visits.log_judgement import Breach, PlannedVisit, breaches_of
from visits.models import LogConflict, Visit, VisitLog
from visits.services.log_writing import act_on, beside, content_digest, new_log
from visits.services.logs import AlreadyLogged, LogBeforeEnrolment, VisitLogConflict, check_answers
from visits.states import state_after
from visits.sync_batch import SentLog

# What follows from a log of an officer who serves elsewhere by now is done all the same.
SYNC = SystemActor("sync", frozenset({Permission.ASSESS_RISK, Permission.RAISE_CASES}))


@transaction.atomic
def sync_logs(*, by: User, sent: Sequence[SentLog], clock_skew_s: int | None, now: datetime) -> list[SyncResult]:
    """Keep logs that a phone wrote without signal, in the order sent; return what became of each.

    A log that is new is kept with the soft rules that it breaks; one that came before is told so; another content or a
    second log of a visit is kept beside the first until a supervisor decides. Only what says nothing valid, lies before
    she joined or after she ended her consent, or is of no visit of a station where the officer serves or then served is
    refused. `clock_skew_s` is by how many seconds the phone's clock was ahead, None if not known.
    """
    require(by, Permission.LOG_VISITS)
    results = keep_batch(by, sent, clock_skew_s, now)
    counts = Counter(str(result.status) for result in results)
    record(actor=by, action="visits.sync", object_type="visit", details={**counts, "clock_skew_s": clock_skew_s})
    return results


def keep_batch(
    officer: User, sent: Sequence[SentLog], clock_skew_s: int | None, now: datetime, *, is_rescued: bool = False
) -> list[SyncResult]:
    """Keep the logs of an officer, within the caller's transaction; whoever calls has checked who may."""
    try:
        with transaction.atomic():
            return _keep(officer, sent, clock_skew_s, now, is_rescued=is_rescued)
    except IntegrityError:
        # Somebody else used one of these identifiers in this moment: one by one, only that log meets it.
        return [_keep_one(officer, log, clock_skew_s, now, is_rescued=is_rescued) for log in sent]


def hold_women(visit_ids: Collection[UUID]) -> None:
    """Lock the women of these visits, by id."""
    women = Visit.objects.filter(pk__in=visit_ids).order_by().values("participant")
    list(Participant.objects.select_for_update(no_key=True).filter(pk__in=women).order_by("pk").values_list("pk"))


@dataclass(slots=True)
class _Batch:
    """What is known of the visits of a batch, under their locks, and what is to be written."""

    by: User
    clock_skew_s: int | None
    now: datetime
    visits: dict[UUID, Visit]
    logs: dict[UUID, VisitLog]
    log_of: dict[UUID, VisitLog]
    conflicts: dict[tuple[UUID, str], LogConflict]
    postings: list[Posting]
    agreed: set[tuple[int, datetime]]
    is_rescued: bool
    new: list[VisitLog] = field(default_factory=list)
    new_conflicts: list[LogConflict] = field(default_factory=list)
    to_act_on: list[VisitLog] = field(default_factory=list)


class LogIdTaken(StudyError):
    """The identifier belongs to a log of another visit."""

    code = "log_id_taken"
    message = _("Another visit’s log has this identifier: give this one a new one and send it again.")
    http_status = 422


def _keep(
    by: User, sent: Sequence[SentLog], clock_skew_s: int | None, now: datetime, *, is_rescued: bool
) -> list[SyncResult]:
    batch = _load(by, sent, clock_skew_s, now, is_rescued=is_rescued)
    results = [_result(batch, log) for log in sent]
    _write(batch)
    return results


def _keep_one(by: User, log: SentLog, clock_skew_s: int | None, now: datetime, *, is_rescued: bool) -> SyncResult:
    try:
        with transaction.atomic():
            (result,) = _keep(by, [log], clock_skew_s, now, is_rescued=is_rescued)
    except IntegrityError:
        return _refusal(log, LogIdTaken())
    return result


def _load(by: User, sent: Sequence[SentLog], clock_skew_s: int | None, now: datetime, *, is_rescued: bool) -> _Batch:
    """Lock the women, then their visits, each in one order, so that nobody waits for each other for ever."""
    visit_ids, log_ids = {log.visit_id for log in sent}, {log.id for log in sent}
    hold_women(visit_ids)
    locked = Visit.objects.select_for_update(of=("self",)).select_related("participant__vault_key")
    visits = {visit.pk: visit for visit in locked.filter(pk__in=visit_ids).order_by("pk")}
    logs = VisitLog.objects.filter(Q(pk__in=log_ids) | Q(visit__in=visit_ids)).order_by("pk")
    kept = LogConflict.objects.filter(Q(second_id__in=log_ids) | Q(log__in=log_ids)).order_by("pk")
    moments = {
        (visits[log.visit_id].participant_id, moment_of(log.content))
        for log in sent
        if log.visit_id in visits and "occurred_at" in log.content
    }
    return _Batch(
        by=by,
        clock_skew_s=clock_skew_s,
        now=now,
        visits=visits,
        logs={log.pk: log for log in logs},
        log_of={log.visit_id: log for log in logs},
        conflicts={
            key: conflict
            for conflict in kept
            for key in ((conflict.log_id, conflict.first_sha256), (conflict.second_id, conflict.second_sha256))
        },
        postings=list(Posting.objects.standing().filter(officer__user=by).order_by("pk")),
        agreed=agreed_at(Feature.LOG_VISIT, moments),
        is_rescued=is_rescued,
    )


def _result(batch: _Batch, log: SentLog) -> SyncResult:
    """Judge one log; remember what is to be written of it."""
    try:
        visit = _visit_of(batch, log)
        digest = content_digest(visit.pk, log.content)
        same_id, first = batch.logs.get(log.id), batch.log_of.get(visit.pk)
        if same_id is not None and same_id == first and first.content_sha256 == digest:
            return _receipt(log, SAME_AGAIN, first.received_at)
        if (known := batch.conflicts.get((log.id, digest))) is not None:
            return _conflict(log, known)
        if same_id is not None and same_id != first:
            raise LogIdTaken
        _check(batch, visit, log)
        if first is not None:
            return _conflict(log, _new_conflict(batch, visit, log, first=first, digest=digest))
        _add(batch, visit, log)
    except StudyError as error:
        return _refusal(log, error)
    return _receipt(log, NEW, batch.now)


def _visit_of(batch: _Batch, log: SentLog) -> Visit:
    """Return the visit, if the officer serves at its station, or served there when she wrote the log."""
    visit = batch.visits.get(log.visit_id)
    days = {timezone.localdate(batch.now)}
    if "occurred_at" in log.content:
        days.add(timezone.localdate(moment_of(log.content)))
    if visit is None or not any(_serves(batch, visit.station_id, day) for day in days):
        raise ParticipantOutOfReach
    return visit


def _check(batch: _Batch, visit: Visit, log: SentLog) -> None:
    check_answers(log.content)
    occurred_at = moment_of(log.content)
    if timezone.localdate(occurred_at) < visit.participant.enrolled_on:
        raise LogBeforeEnrolment
    if (visit.participant_id, occurred_at) not in batch.agreed:
        raise ConsentMissing


def _add(batch: _Batch, visit: Visit, log: SentLog) -> None:
    row = new_log(visit, log_id=log.id, content=log.content, logged_by=batch.by, received_at=batch.now)
    row.clock_skew_s, row.breaches = batch.clock_skew_s, _breaches(batch, visit, row)
    batch.logs[row.pk] = batch.log_of[visit.pk] = row
    batch.new.append(row)
    batch.to_act_on.append(row)


def _breaches(batch: _Batch, visit: Visit, log: VisitLog) -> list[str]:
    rescued = [str(Breach.RESCUED)] if batch.is_rescued else []
    return rescued + breaches_of(
        PlannedVisit(visit.planned_on, visit.grace_ends_at, is_replanned=visit.status == Visit.Status.SUPERSEDED),
        occurred_at=log.occurred_at,
        occurred_on=timezone.localdate(log.occurred_at),
        received_at=batch.now,
        clock_skew_s=batch.clock_skew_s,
    )


def _new_conflict(batch: _Batch, visit: Visit, log: SentLog, *, first: VisitLog, digest: str) -> LogConflict:
    """Keep a second log whole, beside the first. What it tells of danger is acted on as if it stood."""
    second = new_log(visit, log_id=log.id, content=log.content, logged_by=batch.by, received_at=batch.now)
    second.clock_skew_s, second.breaches = batch.clock_skew_s, _breaches(batch, visit, second)
    conflict = beside(first, second, log.content, author=batch.by)
    batch.conflicts[(log.id, digest)] = conflict
    batch.new_conflicts.append(conflict)
    batch.to_act_on.append(second)
    return conflict


def _write(batch: _Batch) -> None:
    """Write what was judged, each kind in one query, and do what the logs call for."""
    # By identifier: two batches that used the same ones never wait for each other for ever.
    VisitLog.objects.bulk_create(sorted(batch.new, key=lambda log: log.pk))
    LogConflict.objects.bulk_create(batch.new_conflicts)
    by_state: dict[tuple[str, bool], list[UUID]] = {}
    entries: list[tuple[object, dict[str, object]]] = []
    for log in batch.new:
        visit = batch.visits[log.visit_id]
        becomes = (state_after(log.outcome), visit.status == Visit.Status.SUPERSEDED)
        by_state.setdefault(becomes, []).append(visit.pk)
        entries.append((visit.pk, {"outcome": log.outcome, "was": visit.status, "breaches": log.breaches}))
    for (state, is_unplanned), pks in by_state.items():
        changed = {"is_unplanned": True} if is_unplanned else {}
        Visit.objects.filter(pk__in=pks).update(status=state, status_changed_at=batch.now, **changed)
    entries += [(conflict.visit_id, {"conflict": str(conflict.second_id)}) for conflict in batch.new_conflicts]
    record_all(actor=batch.by, action="visits.log", object_type="visit", entries=entries)
    for log in batch.to_act_on:
        participant = batch.visits[log.visit_id].participant
        act_on(log, actor=_acting_for(batch, participant), participant=participant, now=batch.now)


def _acting_for(batch: _Batch, participant: Participant) -> Actor:
    """Return the officer, if she may act for the woman now: a file also brings logs of an account that was closed."""
    serves_here = _serves(batch, participant.station_id, timezone.localdate(batch.now))
    return batch.by if serves_here and not batch.is_rescued else SYNC


def _serves(batch: _Batch, station_id: int, day: date) -> bool:
    return any(
        posting.station_id == station_id
        and posting.starts_on <= day
        and (posting.ends_on is None or posting.ends_on >= day)
        for posting in batch.postings
    )


def _receipt(log: SentLog, status: int, received_at: datetime) -> SyncResult:
    return SyncResult(log.id, status, received_at, content_sha256(str(log.visit_id), log.content))


def _conflict(log: SentLog, kept: LogConflict) -> SyncResult:
    """Return a receipt that says why a supervisor will look at it."""
    error = VisitLogConflict() if kept.second_id == kept.log_id else AlreadyLogged()
    sha256 = content_sha256(str(log.visit_id), log.content)
    return SyncResult(log.id, CONFLICT, kept.received_at, sha256, code=error.code, detail=str(error))


def _refusal(log: SentLog, error: StudyError) -> SyncResult:
    return SyncResult(log.id, REFUSED, code=error.code, detail=str(error), field=error.field)
