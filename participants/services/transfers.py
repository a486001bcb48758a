"""Women who go over to the care of another station: proposed by one, accepted by the other, at once in every room.

She stays in the arm of the station where she was enrolled (intention to treat); nothing here reads an arm.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from participants import queries
from participants.followers import PartChange, follow
from participants.models import Participant, SafeContactPlan, Transfer
from participants.reach import ParticipantOutOfReach, require_in_study, require_no_tie, require_reach
from participants.services.refusals import conflicts_reported
from stations.models import Station

TRANSFERABLE = frozenset({Participant.Status.ENROLLED, Participant.Status.PAUSED})
TRANSFERRED = "transferred"
State = Transfer.State


class NotTransferable(StudyError):
    """Who moved away or was lost is taken up again first."""

    code = "not_transferable"
    message = _("Only a woman in follow-up, or in a pause, can go over to another station.")
    http_status = 409


class ReceiverNotInStudy(StudyError):
    """A move out of the study's area is a status, not a transfer."""

    code = "receiver_not_in_study"
    message = _("Choose another station that takes part in the study. If she moved elsewhere, change her status.")
    http_status = 409


class TransferOpenAlready(StudyError):
    """One proposal at a time."""

    code = "transfer_open_already"
    message = _("A transfer of this woman is being decided already.")
    http_status = 409


class TransferDecided(StudyError):
    """Somebody accepted, declined or called it off meanwhile."""

    code = "transfer_decided"
    message = _("This transfer was decided meanwhile: look at the list again.")
    http_status = 409


class NotAskedHere(StudyError):
    """Whoever asks her is somebody who cares for her."""

    code = "not_asked_here"
    message = _("Choose somebody of your station who asked her.")
    http_status = 422


class AgreementDayWrong(StudyError):
    """She agrees while she takes part, and before it is proposed."""

    code = "agreement_day_wrong"
    message = _("The day on which she agreed lies between her enrolment and today.")
    http_status = 422


class StationNotLost(StudyError):
    """While a station takes part its own supervisor proposes."""

    code = "station_not_lost"
    message = _("Her station takes part in the study: its supervisor proposes the transfer.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Agreement:
    """That she agrees to go over: who asked her, and on which day she said so."""

    asked_by: User
    agreed_on: date


@conflicts_reported
@transaction.atomic
def propose_transfer(
    *,
    by: User,
    participant: Participant,
    to_station: Station,
    reason: Transfer.Reason,
    agreement: Agreement,
    now: datetime,
) -> Transfer:
    """Ask another station of the study to care for a woman who agrees to it; nothing changes until it accepts.

    Raise ParticipantOutOfReach, ActRefused, NotAskedHere, AgreementDayWrong, ParticipantLeft, NotTransferable,
    ReceiverNotInStudy or TransferOpenAlready.
    """
    require(by, Permission.TRANSFER_PARTICIPANTS)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_reach(by, locked, now)
    require_no_tie(by, locked)
    _check_agreement(locked, agreement, now)
    transfer = _proposed(by, locked, to_station, reason, now, agreement=agreement)
    _record(by, "participants.propose_transfer", transfer)
    return transfer


@conflicts_reported
@transaction.atomic
def accept_transfer(*, by: User, transfer: Transfer, now: datetime) -> Transfer:
    """Take a woman into the receiving station's care: the other loses sight of her, and her visits are planned anew.

    Raise ParticipantOutOfReach, ActRefused, TransferDecided, ParticipantLeft, NotTransferable or ReceiverNotInStudy.
    """
    require(by, Permission.TRANSFER_PARTICIPANTS)
    woman, held = _held(transfer)
    _require_at(by, held.to_station_id, now)
    require_no_tie(by, woman)
    _require_open(held)
    _require_transferable(woman, held.to_station)
    return _carried_out(by, woman, held, now)


@transaction.atomic
def decline_transfer(*, by: User, transfer: Transfer, reason: Transfer.Decline, now: datetime) -> Transfer:
    """Leave a woman in the care of her station, with the receiving one's reason.

    Raise ParticipantOutOfReach or TransferDecided.
    """
    require(by, Permission.TRANSFER_PARTICIPANTS)
    _woman, held = _held(transfer)
    _require_at(by, held.to_station_id, now)
    _require_open(held)
    held.declined_for = reason
    _decide(by, held, State.DECLINED, now)
    _record(by, "participants.decline_transfer", held)
    return held


@transaction.atomic
def call_off_transfer(*, by: User, transfer: Transfer, now: datetime) -> Transfer:
    """Take back a proposal of one's own station; an administrator any one that nobody answers.

    Raise ParticipantOutOfReach or TransferDecided.
    """
    woman, held = _held(transfer)
    if not by.has(Permission.PLACE_PARTICIPANTS):
        require(by, Permission.TRANSFER_PARTICIPANTS)
        require_reach(by, woman, now)
    _require_open(held)
    _decide(by, held, State.CALLED_OFF, now)
    _record(by, "participants.call_off_transfer", held)
    return held


@transaction.atomic
def call_off_for_status(*, by: Actor, participant: Participant, reason: str, now: datetime) -> int:
    """Call the open proposal about a woman off once her status lets her go over no more; return how many were open.

    Within the transaction that changed her status, under the lock on her row.
    """
    if participant.status in TRANSFERABLE:
        return 0
    transfers = list(participant.transfers.open().select_for_update(of=("self",)).select_related("participant"))
    for transfer in transfers:
        _decide(by, transfer, State.CALLED_OFF, now)
        _record(by, "participants.call_off_transfer", transfer, because=reason)
    return len(transfers)


@transaction.atomic
def transfer_from_lost_station(*, by: User, participant: Participant, to_station: Station, now: datetime) -> Transfer:
    """Give a woman whose station left the study to another one: an administrator decides for both.

    Raise StationNotLost, ParticipantLeft, NotTransferable, ReceiverNotInStudy or TransferOpenAlready.
    """
    require(by, Permission.PLACE_PARTICIPANTS)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if queries.is_study_station(locked.station):
        raise StationNotLost
    transfer = _proposed(by, locked, to_station, Transfer.Reason.STATION_LOST, now)
    return _carried_out(by, locked, transfer, now)


def _check_agreement(woman: Participant, agreement: Agreement, now: datetime) -> None:
    if not queries.is_within_reach(agreement.asked_by, woman, now):
        raise NotAskedHere
    if not woman.enrolled_on <= agreement.agreed_on <= timezone.localdate(now):
        raise AgreementDayWrong


def _proposed(
    by: User,
    woman: Participant,
    to_station: Station,
    reason: Transfer.Reason,
    now: datetime,
    *,
    agreement: Agreement | None = None,
) -> Transfer:
    _require_transferable(woman, to_station)
    if woman.transfers.open().exists():
        raise TransferOpenAlready
    return Transfer.objects.create(
        participant=woman,
        from_station_id=woman.station_id,
        to_station=to_station,
        reason=reason,
        proposed_by=by,
        proposed_at=now,
        asked_by=agreement.asked_by if agreement else None,
        agreed_on=agreement.agreed_on if agreement else None,
    )


def _carried_out(by: User, woman: Participant, transfer: Transfer, now: datetime) -> Transfer:
    woman.station = transfer.to_station
    woman.save(update_fields=["station"])
    SafeContactPlan.objects.filter(participant=woman).update(review_wanted_at=now)
    _decide(by, transfer, State.ACCEPTED, now)
    _record(by, "participants.accept_transfer", transfer)
    follow(by=by, change=PartChange(woman, TRANSFERRED, now))
    return transfer


def _held(transfer: Transfer) -> tuple[Participant, Transfer]:
    """Return the woman and the transfer under their locks, hers first as everywhere."""
    woman = Participant.objects.select_for_update(no_key=True).get(pk=transfer.participant_id)
    held = Transfer.objects.select_for_update(of=("self",)).select_related("to_station", "participant")
    return woman, held.get(pk=transfer.pk)


def _require_at(by: User, station_id: int, now: datetime) -> None:
    station = queries.serving_station(by, timezone.localdate(now))
    if station is None or station.pk != station_id:
        raise ParticipantOutOfReach


def _require_open(transfer: Transfer) -> None:
    if transfer.state != State.PROPOSED:
        raise TransferDecided


def _require_transferable(woman: Participant, to_station: Station) -> None:
    require_in_study(woman)
    if woman.status not in TRANSFERABLE:
        raise NotTransferable
    if to_station.pk == woman.station_id or not queries.is_study_station(to_station):
        raise ReceiverNotInStudy


def _decide(by: Actor, transfer: Transfer, state: Transfer.State, now: datetime) -> None:
    transfer.state, transfer.decided_by, transfer.decided_at = state, person_of(by), now
    transfer.save(update_fields=["state", "decided_by", "decided_at", "declined_for"])


def _record(by: Actor, action: str, transfer: Transfer, because: str = "") -> None:
    codes = queries.station_codes()
    record(
        actor=by,
        action=action,
        object_type="participant",
        object_id=transfer.participant.study_code,
        reason=because or transfer.declined_for or transfer.reason,
        details={
            "transfer": transfer.pk,
            "from": codes.get(transfer.from_station_id, ""),
            "to": codes.get(transfer.to_station_id, ""),
        },
    )
