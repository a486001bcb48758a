"""Unblinding: asked for by one person, approved by another of another role, and never taken back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from data_lock.queries import locks_standing
from panel import queries
from panel.models import Unblinding
from panel.plan_states import UNBLINDING_TRANSITIONS, UnblindingState
from panel.services.arms import require_arm
from panel.services.planning import acts_alone


class PlanNotLocked(StudyError):
    """What will be estimated is fixed before anybody sees what was found."""

    code = "plan_not_locked"
    message = _("No plan is locked. Lock one first: whatever is decided after unblinding is exploratory.")
    http_status = 409


class UnblindedAlready(StudyError):
    """It happens once."""

    code = "unblinded_already"
    message = _("Unblinding is recorded already.")
    http_status = 409


class UnblindingAskedAlready(StudyError):
    """One request at a time."""

    code = "unblinding_asked_already"
    message = _("Somebody asked for it already, and it waits for a second person.")
    http_status = 409


class UnblindingReasonMissing(StudyError):
    """An act that is never taken back has a reason that others can judge."""

    code = "unblinding_reason_missing"
    message = _("Say why the groups are to be named now.")
    field = "reason"


class UnblindingTooEarly(StudyError):
    """Surveys are still to come; it may be done all the same, with a reason of its own."""

    code = "unblinding_too_early"
    message = _("Surveys are still to come: say why it cannot wait.")
    http_status = 409
    field = "early_reason"


class UnblindingMovedOn(StudyError):
    """It was approved or called off meanwhile."""

    code = "unblinding_moved_on"
    message = _("This request is not waiting any more. Look at the page again.")
    http_status = 409


class PlanChangedSince(UnblindingMovedOn):
    """It was asked for under one version of the plan, and another counts now."""

    code = "plan_changed_since"
    message = _(
        "A later version of the plan was locked since this was asked for. Call it off and ask anew under that one."
    )


class AskerGone(UnblindingMovedOn):
    """Whoever asked has no account any more, or another role: one of the two people is missing."""

    code = "asker_gone"
    message = _("Whoever asked has another role now, or no account any more. Call it off and ask anew.")


class OtherRoleNeeded(StudyError):
    """Two people of two roles, so that no one office unblinds alone."""

    code = "other_role_needed"
    message = _("Somebody else approves it, and of another role than whoever asked.")
    http_status = 409


class HashMistyped(StudyError):
    """Whoever approves has looked at the plan under which it is done."""

    code = "hash_mistyped"
    message = _("This is not how the hash of the locked plan begins. Compare it with the plan and type it again.")
    field = "typed_hash"


class NotUnblinded(StudyError):
    """What names the groups waits for the act."""

    code = "not_unblinded"
    message = _("Unblinding is not recorded yet.")
    http_status = 409


@transaction.atomic
def ask_unblinding(*, by: User, reason: str, early_reason: str, now: datetime) -> Unblinding:
    """Ask that the groups get their names, under the plan that is locked; a second person decides.

    `early_reason` says why it cannot wait while surveys are still to come. Raise UnblindingReasonMissing,
    UnblindedAlready, UnblindingAskedAlready, PlanNotLocked or UnblindingTooEarly.
    """
    require(by, Permission.UNBLIND)
    if not reason.strip():
        raise UnblindingReasonMissing
    acts_alone()
    if queries.is_unblinded():
        raise UnblindedAlready
    if queries.open_request() is not None:
        raise UnblindingAskedAlready
    plan = queries.confirmed_plan()
    if plan is None:
        raise PlanNotLocked
    until = queries.follow_up_until(timezone.localdate(now))
    if until is not None and not early_reason.strip():
        raise UnblindingTooEarly
    asked = Unblinding.objects.create(
        plan=plan,
        reason=reason.strip(),
        early_reason="" if until is None else early_reason.strip(),
        follow_up_until=until,
        asked_by=by,
        asked_role=by.role,
        asked_at=now,
    )
    _recorded(by, "panel.ask_unblinding", asked)
    return asked


@transaction.atomic
def approve_unblinding(*, by: User, request: Unblinding, typed_hash: str, now: datetime) -> Unblinding:
    """Record unblinding, for ever: from now on groups have names for those whom the protocol lets know.

    `typed_hash` is how the hash of the plan begins. Raise UnblindingMovedOn, OtherRoleNeeded, AskerGone,
    PlanChangedSince or HashMistyped.
    """
    require(by, Permission.UNBLIND)
    held = _held(request, UnblindingState.RECORDED)
    if by.pk == held.asked_by_id or by.role == held.asked_role:
        raise OtherRoleNeeded
    if not held.is_still_asked:
        raise AskerGone
    plan = queries.confirmed_plan()
    if plan is None or plan.pk != held.plan_id:
        raise PlanChangedSince
    if typed_hash.strip().lower() != plan.hash_to_type:
        raise HashMistyped
    held.state, held.decided_by, held.decided_role, held.decided_at = UnblindingState.RECORDED, by, by.role, now
    held.save(update_fields=["state", "decided_by", "decided_role", "decided_at"])
    _recorded(by, "panel.record_unblinding", held)
    return held


@transaction.atomic
def call_off_unblinding(*, by: User, request: Unblinding, now: datetime) -> Unblinding:
    """Call off what waits, by whoever asked or whoever might approve. Raise UnblindingMovedOn."""
    require(by, Permission.UNBLIND)
    held = _held(request, UnblindingState.CALLED_OFF)
    held.state, held.decided_by, held.decided_role, held.decided_at = UnblindingState.CALLED_OFF, by, by.role, now
    held.save(update_fields=["state", "decided_by", "decided_role", "decided_at"])
    _recorded(by, "panel.call_off_unblinding", held)
    return held


def require_named(actor: Actor) -> None:
    """Let pass who may have the groups by name now. Raise NotUnblinded or PermissionMissing."""
    if not queries.is_unblinded():
        raise NotUnblinded
    require_arm(actor)


def _held(request: Unblinding, following: UnblindingState) -> Unblinding:
    acts_alone()
    held = Unblinding.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=request.pk)
    if following not in UNBLINDING_TRANSITIONS[held.state]:
        raise UnblindingMovedOn
    return held


def _recorded(by: User, action: str, request: Unblinding) -> None:
    until = request.follow_up_until
    locks = [lock["lock"] for lock in locks_standing()]
    details = {"plan": request.plan_id, "follow_up_until": until and until.isoformat(), "data_locks": locks}
    record(
        actor=by,
        action=action,
        object_type="unblinding",
        object_id=request.pk,
        reason=request.reason,
        details=details,
    )
