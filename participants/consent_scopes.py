"""What a woman can agree to, one by one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """One thing that she allows or does not; each has a text of its own in every version of the consent."""

    VISITS = "visits", _("Home visits")
    SURVEYS = "surveys", _("Surveys")
    INTERVIEW = "interview", _("Interview")
    AUDIO = "audio", _("Audio recording")
    LINKAGE = "linkage", _("Use of the reports at the station")
    RECONTACT = "recontact", _("Contact after the study")
