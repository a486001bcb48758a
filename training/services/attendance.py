"""Writing down who came to a session and what the tests said; what is said otherwise later has a reason."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from protocol.queries import current_protocol
from stations.models import Officer
from training.attendance import Entry, is_consistent, takes_back
from training.models import Attendance, Session
from training.queries.sessions import EntryKey, as_entry, recorded, roster, starts_at
from training.services.sessions import ModuleUnknown, ReasonMissing, hold_session

ENTRY_FIELDS = ("came", "minutes_late", "absence", "score_before", "score_after", "counts")


class SessionInFuture(StudyError):
    """Who came is known once a session has begun."""

    code = "session_in_future"
    message = _("The session has not begun yet. Write down who came once it was held.")


class OfficerNotOnRoster(StudyError):
    """Only officers of the station on that day attend its session."""

    code = "officer_not_on_roster"
    message = _("An officer on the list did not serve at this station on that day, or had no module to catch up.")


class EntryInconsistent(StudyError):
    """A line of the roster contradicts itself."""

    code = "entry_inconsistent"
    message = _("Whoever did not come has no delay and no score; a score lies between 0 and 100.")


class NobodyCame(StudyError):
    """A session that nobody came to was not held."""

    code = "nobody_came"
    message = _("Nobody is written down as having come. If the session was not held, withdraw it.")


@transaction.atomic
def record_attendance(
    *, by: Actor, session: Session, entries: Mapping[EntryKey, Entry], seen: int, now: datetime, reason: str = ""
) -> Session:
    """Write down who came to a session, which makes it held; later, fill in what was open or correct what was wrong.

    Officers who are not in `entries` stay as they are. `seen` is the session's revision on the page. Raises
    SessionWithdrawn, SessionChangedMeanwhile, SessionInFuture, ModuleUnknown, OfficerNotOnRoster, EntryInconsistent,
    NobodyCame, ReasonMissing (if something already written down changes).
    """
    require(by, Permission.MANAGE_TRAINING)
    held = hold_session(session, seen=seen)
    _check_entries(held, entries, now)
    stored = recorded(held)
    changes = {
        key: changed for key, row in stored.items() if key in entries if (changed := _changes(row, entries[key]))
    }
    if any(takes_back(changed) for changed in changes.values()) and not reason.strip():
        raise ReasonMissing(_("Something that was already written down changes. Say why."))
    new = [key for key in entries if key not in stored]
    if held.status == Session.Status.HELD and not new and not changes:
        return held
    _write(held, {key: entries[key] for key in (*new, *changes)}, stored)
    held.status = Session.Status.HELD
    held.revision += 1
    held.save(update_fields=["status", "revision"])
    audit.record(
        actor=by,
        action="training.record_attendance",
        object_type="training_session",
        object_id=held.pk,
        reason=reason.strip(),
        details={"new": len(new), "changes": _told(changes)},
    )
    return held


def _check_entries(session: Session, entries: Mapping[EntryKey, Entry], now: datetime) -> None:
    if now < starts_at(session):
        raise SessionInFuture
    if not {module for _officer, module in entries} <= set(session.modules):
        raise ModuleUnknown
    if not {officer for officer, _module in entries} <= {officer.pk for officer in roster(session)}:
        raise OfficerNotOnRoster
    if not all(is_consistent(entry) for entry in entries.values()):
        raise EntryInconsistent
    others = session.attendances.filter(came=True).values_list("officer_id", "module")
    if not any(entry.came for entry in entries.values()) and not set(others) - set(entries):
        raise NobodyCame


def _changes(row: Attendance, entry: Entry) -> dict[str, tuple[object, object]]:
    return entry.changes_from(as_entry(row))


def _write(session: Session, entries: Mapping[EntryKey, Entry], stored: Mapping[EntryKey, Attendance]) -> None:
    allowed = current_protocol().training.late_minutes_allowed
    rows = [
        Attendance(
            pk=stored[officer, module].pk if (officer, module) in stored else None,
            session=session,
            officer_id=officer,
            module=module,
            came=entry.came,
            minutes_late=entry.minutes_late,
            absence=entry.absence,
            counts=entry.counts(late_minutes_allowed=allowed),
            score_before=entry.score_before,
            score_after=entry.score_after,
        )
        for (officer, module), entry in entries.items()
    ]
    Attendance.objects.bulk_create([row for row in rows if row.pk is None])
    Attendance.objects.bulk_update([row for row in rows if row.pk is not None], ENTRY_FIELDS)


def _told(changes: Mapping[EntryKey, Mapping[str, tuple[object, object]]]) -> list[dict[str, object]]:
    """Say old → new of each line that changed, by officer's code and module."""
    codes = dict(Officer.objects.filter(pk__in={officer for officer, _module in changes}).values_list("pk", "code"))
    return [
        {"officer": codes[officer], "module": module, **{name: list(pair) for name, pair in changed.items()}}
        for (officer, module), changed in changes.items()
    ]
