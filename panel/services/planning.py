"""The plan of the analysis: brought as a file, proposed by the statistician, locked by a second person."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from panel import queries
from panel.analysis_plan import AnalysisPlan, PlanFileError, parse_plan, plan_sha256, require_columns, require_estimable
from panel.columns import DataSet
from panel.models import PlanVersion
from panel.plan_states import PLAN_TRANSITIONS, PlanState
from panel.tables import find
from protocol.models import ProtocolVersion
from protocol.queries import active_version, current_protocol

MOST_PLAN_BYTES = 262_144
DATASET = "panel_wave"


class PlanNeedsReason(StudyError):
    """A plan that follows a locked one is an amendment."""

    code = "plan_needs_reason"
    message = _("A plan is locked already: say why it is amended.")
    http_status = 409
    field = "reason"


class PlanWaits(StudyError):
    """While a second person reads it, nobody changes what she reads."""

    code = "plan_waits"
    message = _("A plan waits for a second person. Call that off before another is brought.")
    http_status = 409


class PlanMovedOn(StudyError):
    """It was locked, replaced or called off meanwhile."""

    code = "plan_moved_on"
    message = _("This version of the plan is not where it was. Look at it again.")
    http_status = 409


class PlanSecondPersonNeeded(StudyError):
    """Whoever proposes does not lock."""

    code = "plan_second_person_needed"
    message = _("You proposed this plan: somebody else locks it.")
    http_status = 409


def acts_alone() -> None:
    """Let whoever proposes, locks or unblinds at the same moment wait for the transaction that came first.

    All wait at the oldest protocol: another may come into force in between, and they would wait at two.
    """
    active_version()
    ProtocolVersion.objects.select_for_update(no_key=True).order_by("pk")[:1].get()


@transaction.atomic
def store_plan(*, by: User, source: bytes, name: str, reason: str, now: datetime) -> PlanVersion:
    """Keep a plan's file as a draft, in the place of the draft before it, once it was checked whole.

    After a lock it is an amendment and has a reason. Raise PlanFileError (a line for each problem), PlanNeedsReason
    or PlanWaits.
    """
    require(by, Permission.WRITE_PLAN)
    said = parse_plan(_text(source, name), name=name)
    panel = find(queries.datasets(reads_arm=True), DATASET)
    require_columns(said, {column.name for column in panel.columns} if panel else set(), name=name, table=DATASET)
    require_estimable(said, _periods(said, panel), name=name)
    acts_alone()
    if PlanVersion.objects.filter(state=PlanState.PROPOSED).exists():
        raise PlanWaits
    if PlanVersion.objects.locked().exists() and not reason.strip():
        raise PlanNeedsReason
    for draft in PlanVersion.objects.filter(state=PlanState.DRAFT):
        draft.state = PlanState.REPLACED
        draft.save(update_fields=["state"])
    last = PlanVersion.objects.order_by("-version").values_list("version", flat=True).first()
    stored = PlanVersion.objects.create(
        version=(last or 0) + 1,
        name=name[:100],
        source=source,
        file_sha256=hashlib.sha256(source).hexdigest(),
        sha256=plan_sha256(said),
        reason=reason.strip(),
        stored_by=by,
        stored_at=now,
    )
    _recorded(by, "panel.store_plan", stored)
    return stored


@transaction.atomic
def propose_plan(*, by: User, plan: PlanVersion, now: datetime) -> PlanVersion:
    """Put a draft before the second person who locks it. Raise PlanMovedOn."""
    require(by, Permission.PROPOSE_PLAN)
    held = _held(plan, PlanState.PROPOSED)
    held.state, held.proposed_by, held.proposed_at = PlanState.PROPOSED, by, now
    held.save(update_fields=["state", "proposed_by", "proposed_at"])
    _recorded(by, "panel.propose_plan", held)
    return held


@transaction.atomic
def call_off_proposal(*, by: User, plan: PlanVersion) -> PlanVersion:
    """Make a draft again of what waits to be locked, by either of the two. Raise PlanMovedOn."""
    require(by, Permission.LOCK_PLAN)
    held = _held(plan, PlanState.DRAFT)
    held.state, held.proposed_by, held.proposed_at = PlanState.DRAFT, None, None
    held.save(update_fields=["state", "proposed_by", "proposed_at"])
    _recorded(by, "panel.call_off_plan", held)
    return held


@transaction.atomic
def lock_plan(*, by: User, plan: PlanVersion, now: datetime) -> PlanVersion:
    """Lock what somebody else proposed, for ever. After unblinding it is late: what it adds is exploratory.

    Raise PlanSecondPersonNeeded or PlanMovedOn.
    """
    require(by, Permission.LOCK_PLAN)
    held = _held(plan, PlanState.LOCKED)
    if held.proposed_by_id == by.pk:
        raise PlanSecondPersonNeeded
    held.state, held.locked_by, held.locked_at = PlanState.LOCKED, by, now
    held.is_late = queries.is_unblinded()
    held.save(update_fields=["state", "locked_by", "locked_at", "is_late"])
    _recorded(by, "panel.lock_plan", held)
    return held


def _held(plan: PlanVersion, following: PlanState) -> PlanVersion:
    acts_alone()
    held = PlanVersion.objects.select_for_update(of=("self",)).defer("source").get(pk=plan.pk)
    if following not in PLAN_TRANSITIONS[held.state]:
        raise PlanMovedOn
    return held


def _periods(plan: AnalysisPlan, panel: DataSet | None) -> set[str]:
    """Return the periods that a base may be: the waves by their numbers; any where a plan has another time."""
    if panel is None or plan.columns.time != panel.period:
        return {plan.base}
    return {str(number) for number, _wave in enumerate(current_protocol().waves)}


def _text(source: bytes, name: str) -> str:
    if len(source) > MOST_PLAN_BYTES:
        told = {"name": name, "most": MOST_PLAN_BYTES, "found": len(source)}
        raise PlanFileError(_("%(name)s: expected at most %(most)s bytes, found %(found)s") % told)
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PlanFileError(_("%(name)s: expected text in UTF-8") % {"name": name}) from error


def _recorded(by: User, action: str, plan: PlanVersion) -> None:
    """Append the audit row; the name of a file is somebody's words and stays out."""
    details = {"version": plan.version, "sha256": plan.sha256, "is_late": plan.is_late}
    record(actor=by, action=action, object_type="plan", object_id=plan.pk, reason=plan.reason, details=details)
