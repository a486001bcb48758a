"""What women ask about their own data. Who asks without being found as a participant stands here by a number alone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Participant
from stations.models import Station


class DataRequest(models.Model):
    """One request and its term. `station` is where it was taken in, None at the desk itself."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("To know what is held about her (access)")
        INFORMATION = "information", _("To know what her data are used for (information)")
        PORTABILITY = "portability", _("To take her data along (portability)")
        RECTIFICATION = "rectification", _("To correct her data (rectification)")
        CANCELLATION = "cancellation", _("To erase her data (cancellation)")
        OPPOSITION = "opposition", _("To end a use of her data (opposition)")
        REVOCATION = "revocation", _("To take back her consent (revocation)")

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        TELEPHONE = "telephone", _("By telephone")
        WRITTEN = "written", _("In writing")
        REPRESENTATIVE = "representative", _("By a representative")

    class Verified(models.TextChoices):
        DOCUMENT = "document", _("She showed her document")
        KNOWN = "known", _("Whoever cares for her knows her")
        CODE_WORD = "code_word", _("She said her code word")
        POWER = "power", _("The representative showed the power of attorney and both documents")

    class Status(models.TextChoices):
        RECEIVED = "received", _("To be checked who asks")
        VERIFIED = "verified", _("To be answered")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back by her")

    class ExtensionReason(models.TextChoices):
        MANY_PLACES = "many_places", _("Her data lie in several places")
        IDENTITY = "identity", _("It takes time to check who asks")
        SAFETY = "safety", _("She cannot be met safely sooner")

    class Refusal(models.TextChoices):
        NOT_HER = "not_her", _("Whoever asks is not her, nor sent by her")
        NOTHING_HELD = "nothing_held", _("Nothing is held about her")
        LAW = "law", _("The law does not allow it")
        ASKED_ALREADY = "asked_already", _("The same was asked and is under way")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="data_requests"
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    received_on = models.DateField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RECEIVED)
    verified_how = models.CharField(max_length=16, choices=Verified.choices, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    extended_on = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=16, choices=ExtensionReason.choices, blank=True)
    refusal_reason = models.CharField(max_length=16, choices=Refusal.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("due_on",), condition=Q(ended_at=None), name="data_protection_request_due"),)
        constraints = (
            models.CheckConstraint(condition=Q(due_on__gt=F("received_on")), name="data_protection_request_term"),
            models.CheckConstraint(
                condition=Q(extended_on=None, extension_reason="")
                | (Q(extended_on__isnull=False) & ~Q(extension_reason="")),
                name="data_protection_extended_with_reason",
                violation_error_message=_("Say why more time is needed."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("received", "verified"), ended_at=None, refusal_reason="")
                | Q(status__in=("answered", "taken_back"), ended_at__isnull=False, refusal_reason="")
                | (Q(status="refused", ended_at__isnull=False) & ~Q(refusal_reason="")),
                name="data_protection_request_as_its_status",
                violation_error_message=_("Say why it is refused."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("verified", "answered")) | ~Q(verified_how=""),
                name="data_protection_answered_once_verified",
            ),
        )

    def __str__(self) -> str:
        return f"S-{self.pk:04d}"


class RequestStep(models.Model):
    """One step of a request; its note lies under the woman's own key, and there is none where she is not known."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=16, choices=DataRequest.Status.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed_note = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ("request", "recorded_at", "id")

    def __str__(self) -> str:
        return str(self.pk)


class RequestHandover(models.Model):
    """That one half of her copy was made and handed over: the station's by its supervisor, the survey's by hers."""

    class Half(models.TextChoices):
        STATION = "station", _("What the station holds")
        SURVEYS = "surveys", _("What the surveys hold")

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="handovers")
    half = models.CharField(max_length=8, choices=Half.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("request", "half")
        constraints = (models.UniqueConstraint(fields=("request", "half"), name="data_protection_each_half_once"),)

    def __str__(self) -> str:
        return f"{self.request_id} {self.half}"
