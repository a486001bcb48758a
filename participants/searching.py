"""By what somebody at the desk is searched for: only what is kept as a keyed hash."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SearchKind(TextChoices):
    """What is typed; each value is the kind of hash that it is compared with."""

    DOCUMENT = "document", _("Her document number")
    TELEPHONE = "telephone", _("Her telephone")
    NAME = "name", _("Her full name")
    HOUSEHOLD = "household", _("Her address")
    AGGRESSOR_DOCUMENT = "aggressor_document", _("The document number of the man she reported")
