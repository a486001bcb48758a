"""Planning sessions where the arm includes them, moving them, and taking them back; deviations said as such."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from protocol.queries import current_protocol
from stations.models import Station
from stations.queries import study_stations, trained_station_ids
from training.models import Session
from training.queries.coverage import officers_missing
from training.states import may_become


class StationNotDrawn(StudyError):
    """Sessions are held at stations of the study only."""

    code = "station_not_drawn"
    message = _("This station is not one of the study's.")
    http_status = 409


class ModuleUnknown(StudyError):
    """The protocol names the modules; a session has at least one of them."""

    code = "module_unknown"
    message = _("Choose at least one module, out of those that the protocol names.")


class NotATrainingStation(StudyError):
    """The station's arm has no training: holding one there is a deviation from the protocol, with a reason."""

    code = "not_a_training_station"
    message = _("The protocol plans no session at this station. If it was held all the same, say why.")
    http_status = 409


class SessionsUsedUp(StudyError):
    """A station has as many sessions for everybody as the protocol allows."""

    code = "sessions_used_up"
    message = _(
        "This station has all the sessions for everybody that the protocol allows. Whoever missed a module goes to a "
        "catch-up session."
    )
    http_status = 409


class RegularSessionFirst(StudyError):
    """A catch-up session makes up for one that was held."""

    code = "regular_session_first"
    message = _("Nobody can catch up yet: no session for everybody was held on this module. Plan that one first.")
    http_status = 409


class NobodyMissing(StudyError):
    """A catch-up session is for officers who missed a module."""

    code = "nobody_missing"
    message = _("Nobody who serves at this station on that day has missed the module: there is nothing to catch up.")
    http_status = 409


class SessionTaken(StudyError):
    """The same station, day and hour."""

    code = "session_taken"
    message = _("There is a session at this station at that day and hour already.")
    http_status = 409


class SessionAlreadyHeld(StudyError):
    """What was held is not moved."""

    code = "session_already_held"
    message = _("The session was held: its day and place stay. If it was recorded by mistake, withdraw it.")
    http_status = 409


class SessionWithdrawn(StudyError):
    """A session that was withdrawn stays so."""

    code = "session_withdrawn"
    message = _("The session was withdrawn.")
    http_status = 409


class SessionChangedMeanwhile(StudyError):
    """Somebody else wrote to the session since the page was opened."""

    code = "session_changed_meanwhile"
    message = _(
        "Somebody else has changed this session since you opened it. Nothing was written; look at it as it is now, "
        "then save again."
    )
    http_status = 409


class ReasonMissing(StudyError):
    """What was written down is taken back or said otherwise: that has a reason."""

    code = "reason_missing"
    message = _("Say why.")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """When and where a session is, and who teaches; `start_time` is None where only the day is known."""

    held_on: date
    start_time: time | None = None
    place: str = ""
    trainers: tuple[str, ...] = ()


@transaction.atomic
def plan_session(
    *,
    by: Actor,
    station: Station,
    kind: Session.Kind,
    modules: Sequence[int],
    facts: SessionFacts,
    deviation_reason: str = "",
) -> Session:
    """Plan a session, or write down one whose day has passed; who came is recorded next.

    Raises ModuleUnknown, StationNotDrawn, NotATrainingStation (no reason, where the arm has no training),
    SessionsUsedUp, RegularSessionFirst, NobodyMissing, SessionTaken.
    """
    require(by, Permission.MANAGE_TRAINING)
    hold_station(station)
    chosen = sorted(set(modules))
    _check_place(station, chosen, deviation_reason)
    check = _check_catch_up if kind == Session.Kind.CATCH_UP else _check_regular
    check(station, chosen, facts.held_on)
    _check_free(station, facts)
    session = Session.objects.create(
        station=station,
        kind=kind,
        modules=chosen,
        deviation_reason=deviation_reason if station.pk not in trained_station_ids() else "",
        **_as_fields(facts),
    )
    audit.record(
        actor=by,
        action="training.plan_session",
        object_type="training_session",
        object_id=session.pk,
        reason=session.deviation_reason,
        details={"kind": kind, "modules": chosen, "held_on": facts.held_on.isoformat()},
    )
    return session


@transaction.atomic
def change_session(*, by: Actor, session: Session, facts: SessionFacts, seen: int) -> Session:
    """Move a planned session, or have it held elsewhere or by others; `seen` is its revision on the page.

    Raises SessionAlreadyHeld, SessionWithdrawn, SessionChangedMeanwhile, SessionTaken.
    """
    require(by, Permission.MANAGE_TRAINING)
    hold_station(session.station)
    held = hold_session(session, seen=seen)
    if held.status == Session.Status.HELD:
        raise SessionAlreadyHeld
    _check_free(held.station, facts, apart_from=held)
    new = _as_fields(facts)
    changes = {
        name: [_plain(getattr(held, name)), _plain(new[name])] for name in new if getattr(held, name) != new[name]
    }
    if not changes:
        return held
    for name, value in new.items():
        setattr(held, name, value)
    held.revision += 1
    held.save(update_fields=[*new, "revision"])
    audit.record(
        actor=by,
        action="training.change_session",
        object_type="training_session",
        object_id=held.pk,
        # Trainers are people: that they changed is told, not who they are.
        details={name: pair for name, pair in changes.items() if name != "trainers"} | {"fields": sorted(changes)},
    )
    return held


@transaction.atomic
def withdraw_session(*, by: Actor, session: Session, reason: str, seen: int) -> Session:
    """Take back a session that will not be held, or that was recorded by mistake: it counts no more, and stays.

    Raises ReasonMissing, SessionWithdrawn, SessionChangedMeanwhile.
    """
    require(by, Permission.MANAGE_TRAINING)
    held = hold_session(session, seen=seen)
    if not reason.strip():
        raise ReasonMissing
    before = held.status
    held.status, held.withdrawal_reason = Session.Status.WITHDRAWN, reason.strip()
    held.revision += 1
    held.save(update_fields=["status", "withdrawal_reason", "revision"])
    audit.record(
        actor=by,
        action="training.withdraw_session",
        object_type="training_session",
        object_id=held.pk,
        reason=held.withdrawal_reason,
        details={"status": [before, held.status]},
    )
    return held


def hold_session(session: Session, *, seen: int) -> Session:
    """Return the session as it stands, kept from others until the transaction ends.

    Raises SessionWithdrawn, SessionChangedMeanwhile if its revision is not `seen`.
    """
    held = Session.objects.select_for_update(of=("self",)).select_related("station").get(pk=session.pk)
    if not may_become(held.status, Session.Status.WITHDRAWN):
        raise SessionWithdrawn
    if held.revision != seen:
        raise SessionChangedMeanwhile
    return held


def hold_station(station: Station) -> None:
    """Let nobody else plan at this station until the transaction ends: what is counted now stays true."""
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)


def _check_place(station: Station, modules: list[int], deviation_reason: str) -> None:
    if not modules or not set(modules) <= set(current_protocol().training.numbers):
        raise ModuleUnknown
    if not study_stations().filter(station=station).exists():
        raise StationNotDrawn
    if station.pk not in trained_station_ids() and not deviation_reason.strip():
        raise NotATrainingStation


def _check_regular(station: Station, _modules: list[int], _on: date) -> None:
    if _regular(station) >= current_protocol().training.max_sessions:
        raise SessionsUsedUp


def _check_catch_up(station: Station, modules: list[int], on: date) -> None:
    held = Session.objects.held().filter(station=station, held_on__lte=on)
    taught = {module for session in held for module in session.modules}
    if not set(modules) <= taught and _regular(station) < current_protocol().training.max_sessions:
        raise RegularSessionFirst
    if not officers_missing(station.pk, modules, on=on):
        raise NobodyMissing


def _regular(station: Station) -> int:
    return Session.objects.standing().filter(station=station, kind=Session.Kind.REGULAR).count()


def _check_free(station: Station, facts: SessionFacts, *, apart_from: Session | None = None) -> None:
    same = Session.objects.standing().filter(station=station, held_on=facts.held_on, start_time=facts.start_time)
    if set(same) - {apart_from}:
        raise SessionTaken


def _as_fields(facts: SessionFacts) -> dict[str, object]:
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {**values, "trainers": list(facts.trainers)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | time) else value
