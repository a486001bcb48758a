"""Where officers serve, who signs in as them, and who moved between stations of different arms."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.roles import POLICE_ROLES, Role
from accounts.services import create_user
from stations.models import OFFICER_CODE_LENGTH, ArmCrossing, Officer, Posting, Station
from stations.queries import arms_differ, last_study_posting


class OfficerCodeTaken(StudyError):
    """An officer's code is hers alone."""

    code = "officer_code_taken"
    message = _("An officer with this code is registered already.")
    http_status = 409


class OfficerCodeMissing(StudyError):
    """An officer is known by her code."""

    code = "officer_code_missing"
    message = _("Write the officer's code, at most 16 characters.")


class PostingOverlaps(StudyError):
    """An officer serves at one station at a time."""

    code = "posting_overlaps"
    message = _("The officer is already posted from that day or later. End that posting first.")
    http_status = 409


class ServesThereAlready(StudyError):
    """A transfer goes to another station."""

    code = "serves_there_already"
    message = _("The officer serves at this station already.")
    http_status = 409


class NotServing(StudyError):
    """Only a service that goes on can end."""

    code = "not_serving"
    message = _("The officer has no open posting that began by that day.")
    http_status = 409


class PostingBegan(StudyError):
    """What has been is not undone."""

    code = "posting_began"
    message = _("This posting began before today: it stays. Post the officer elsewhere, or end her service.")
    http_status = 409


class PostingWithdrawn(StudyError):
    """A posting is withdrawn once."""

    code = "posting_withdrawn"
    message = _("This posting is already withdrawn.")
    http_status = 409


class WithdrawalReasonMissing(StudyError):
    """A withdrawn posting is explained."""

    code = "withdrawal_reason_missing"
    message = _("Say why the posting is withdrawn.")


class AccountNotFree(StudyError):
    """An account belongs to one officer, and has a role at a station."""

    code = "account_not_free"
    message = _("This account is not an officer's or a supervisor's, or it is linked already.")
    http_status = 409


@transaction.atomic
def register_officer(*, by: Actor, code: str, is_woman: bool, station: Station, starts_on: date) -> Officer:
    """Register an officer and post her. Raises OfficerCodeMissing, OfficerCodeTaken."""
    require(by, Permission.MANAGE_OFFICERS)
    code = code.strip()
    if not 0 < len(code) <= OFFICER_CODE_LENGTH:
        raise OfficerCodeMissing
    officer, is_new = Officer.objects.get_or_create(code=code, defaults={"is_woman": is_woman})
    if not is_new:
        raise OfficerCodeTaken
    Posting.objects.create(officer=officer, station=station, starts_on=starts_on)
    audit.record(
        actor=by,
        action="stations.register_officer",
        object_type="officer",
        object_id=officer.code,
        details={"station": station.code, "from": starts_on.isoformat()},
    )
    return officer


@transaction.atomic
def post_officer(*, by: Actor, officer: Officer, station: Station, starts_on: date) -> Posting:
    """Post an officer to a station from a day; an open posting elsewhere ends the day before.

    If she served at a station of another arm while the allocation was locked, the crossing is recorded.
    Raises ServesThereAlready, and PostingOverlaps if she is posted from that day or later, or until that day or later.
    """
    require(by, Permission.MANAGE_OFFICERS)
    held = Officer.objects.select_for_update().get(pk=officer.pk)
    before = held.postings.standing().order_by("-starts_on").first()
    if before is not None and (before.starts_on >= starts_on or (before.ends_on and before.ends_on >= starts_on)):
        raise PostingOverlaps
    if before is not None and before.ends_on is None and before.station_id == station.pk:
        raise ServesThereAlready
    follows = before if before is not None and before.ends_on is None else None
    if follows is not None:
        follows.ends_on = starts_on - timedelta(days=1)
        follows.save(update_fields=["ends_on"])
    posting = Posting.objects.create(officer=held, station=station, starts_on=starts_on, follows=follows)
    _record_crossing(posting)
    audit.record(
        actor=by,
        action="stations.post_officer",
        object_type="officer",
        object_id=held.code,
        details={"station": station.code, "from": starts_on.isoformat()},
    )
    return posting


def _record_crossing(posting: Posting) -> None:
    """Record that she served under another arm before, also if she was elsewhere in between."""
    before = last_study_posting(posting.officer, before=posting.starts_on)
    if before is None or not arms_differ(before.station_id, posting.station_id, on=before.last_day):
        return
    ArmCrossing.objects.create(
        officer=posting.officer,
        posting=posting,
        from_station_id=before.station_id,
        to_station_id=posting.station_id,
        last_day_there=before.last_day,
        first_day_here=posting.starts_on,
    )


@transaction.atomic
def end_service(*, by: Actor, officer: Officer, ends_on: date) -> Posting:
    """End an officer's open posting; from the day after she sees no station. Raises NotServing."""
    require(by, Permission.MANAGE_OFFICERS)
    held = Officer.objects.select_for_update().get(pk=officer.pk)
    posting = held.postings.standing().filter(ends_on=None, starts_on__lte=ends_on).first()
    if posting is None:
        raise NotServing
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        action="stations.end_service",
        object_type="officer",
        object_id=held.code,
        details={"until": ends_on.isoformat()},
    )
    return posting


@transaction.atomic
def withdraw_posting(*, by: Actor, posting: Posting, reason: str, now: datetime) -> Posting:
    """Take back a posting that begins today or later; the one that it ended goes on. Its crossing falls with it.

    Raises WithdrawalReasonMissing, PostingBegan, PostingWithdrawn.
    """
    require(by, Permission.MANAGE_OFFICERS)
    if not reason.strip():
        raise WithdrawalReasonMissing
    officer = Officer.objects.select_for_update().get(pk=posting.officer_id)
    held = Posting.objects.select_related("follows").get(pk=posting.pk)
    if held.withdrawn_at is not None:
        raise PostingWithdrawn
    if held.starts_on < timezone.localdate(now):
        raise PostingBegan
    held.withdrawn_at, held.withdrawn_reason = now, reason.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    if held.follows is not None:
        held.follows.ends_on = None
        held.follows.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        action="stations.withdraw_posting",
        object_type="officer",
        object_id=officer.code,
        reason=held.withdrawn_reason,
        details={"from": held.starts_on.isoformat()},
    )
    return held


@transaction.atomic
def link_account(*, by: Actor, officer: Officer, user: User) -> Officer:
    """Let an account of a police role sign in as an officer. Raises AccountNotFree."""
    require(by, Permission.MANAGE_OFFICERS)
    held = Officer.objects.select_for_update().get(pk=officer.pk)
    if user.role not in POLICE_ROLES or held.user_id is not None or Officer.objects.filter(user=user).exists():
        raise AccountNotFree
    held.user = user
    held.save(update_fields=["user"])
    audit.record(
        actor=by,
        action="stations.link_account",
        object_type="officer",
        object_id=held.code,
        details={"user": user.pk},
    )
    return held


@transaction.atomic
def open_account(*, by: Actor, officer: Officer, username: str, display_name: str, role: Role, password: str) -> User:
    """Make an account for an officer and link it, both or neither. Raises UserNameTaken, AccountNotFree."""
    user = create_user(by=by, username=username, display_name=display_name, role=role, password=password)
    link_account(by=by, officer=officer, user=user)
    audit.record(actor=by, action="stations.open_account", object_type="officer", object_id=officer.code)
    return user


@transaction.atomic
def unlink_account(*, by: Actor, officer: Officer) -> Officer:
    """Part an officer from her account: whoever signs in by it sees no station any more."""
    require(by, Permission.MANAGE_OFFICERS)
    held = Officer.objects.select_for_update().get(pk=officer.pk)
    was, held.user = held.user_id, None
    held.save(update_fields=["user"])
    audit.record(
        actor=by,
        action="stations.unlink_account",
        object_type="officer",
        object_id=held.code,
        details={"user": was},
    )
    return held
