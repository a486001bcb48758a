"""Women who go over to the care of another station. The station of enrolment, and with it her arm, never changes."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from participants.models.people import Participant
from stations.models import Posting, Station

# So long the station that a woman left sees that she went over, and may still bring in what it met at her home.
LEAVER_KNOWS_FOR = timedelta(days=14)


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Transfers, in the scope of whoever asks."""

    def visible_to(self, user: User) -> "TransferQuerySet":
        """To a supervisor those that reach the station where she serves today, and those that leave it.

        Once a woman has gone over, the station that she left knows of it for some days only. An administrator sees
        those that await an answer, nobody else any.
        """
        if user.role == Role.ADMINISTRATOR:
            return self.open()
        if user.role != Role.SUPERVISOR:
            return self.none()
        own = Posting.objects.serving().filter(officer__user=user).values("station")
        known = ~Q(state=Transfer.State.ACCEPTED) | Q(decided_at__gte=timezone.now() - LEAVER_KNOWS_FOR)
        return self.filter(Q(to_station__in=own) | Q(known, from_station__in=own))

    def open(self) -> "TransferQuerySet":
        """Those that await the receiving station's answer."""
        return self.filter(state=Transfer.State.PROPOSED)

    def accepted(self) -> "TransferQuerySet":
        return self.filter(state=Transfer.State.ACCEPTED)


class Transfer(models.Model):
    """One woman from the station that cares for her to another of the study; decided once, then never changed.

    The accepted ones are the ledger of contamination: which arms the stations have, the allocation says.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Went over")
        DECLINED = "declined", _("Declined")
        CALLED_OFF = "called_off", _("Transfer called off")

    class Reason(models.TextChoices):
        NEW_HOME = "new_home", _("She lives in the other station's area now")
        SAFETY = "safety", _("It is safer for her")
        STATION_LOST = "station_lost", _("The station left the study")

    class Decline(models.TextChoices):
        ELSEWHERE = "elsewhere", _("She does not live in our area")
        TIES = "ties", _("Somebody here has to do with her case")
        HER_WISH = "her_wish", _("She does not want it")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="transfers")
    from_station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    to_station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Who asked her whether she agrees, and on which day she did; NULL where her station was lost: nobody could ask.
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    declined_for = models.CharField(max_length=16, choices=Decline.choices, blank=True)

    objects: ClassVar[TransferQuerySet] = TransferQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(state="proposed"),
                name="participants_one_open_transfer",
                violation_error_message=_("A transfer of this woman is being decided already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_station=F("to_station")), name="participants_transfer_between_two_stations"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None)
                | Q(state__in=("accepted", "declined", "called_off"), decided_at__gte=F("proposed_at")),
                name="participants_transfer_decided_after_proposed",
            ),
            models.CheckConstraint(
                condition=Q(asked_by=None, agreed_on=None, reason="station_lost")
                | Q(asked_by__isnull=False, agreed_on__isnull=False),
                name="participants_transfer_agreed",
                violation_error_message=_("Say who asked her, and when she agreed."),
            ),
            models.CheckConstraint(
                condition=Q(state="declined") ^ Q(declined_for=""),
                name="participants_transfer_declined_with_reason",
                violation_error_message=_("Say why the transfer is declined."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.state}"
