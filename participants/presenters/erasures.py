"""The certificate of an erasure: what was destroyed and when, by study code only."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.pdf import Document
from participants.models import Erasure


def certificate_of(erasure: Erasure) -> bytes:
    """Return the certificate of a finished erasure as a PDF in the language in force; the same bytes each time.

    Raise ValueError for one that is not finished.
    """
    if erasure.done_at is None or erasure.confirmed_at is None:
        raise ValueError(erasure.pk)
    code = erasure.participant.study_code if erasure.participant else _("All codes")
    document = Document(title=_("Certificate of erasure"), made_at=erasure.done_at)
    document.facts(
        [
            (_("Code"), code),
            (_("Reason"), erasure.get_reason_display()),
            (_("Asked for"), _moment(erasure.requested_at)),
            (_("Confirmed by a second person"), _moment(erasure.confirmed_at)),
            (_("Erased"), _moment(erasure.done_at)),
        ]
    )
    document.paragraph(
        ngettext(
            "The key of %(women)d person was destroyed. Name, document, address, telephone, the people named and every "
            "sealed note can no longer be read by anybody. What found the person was deleted.",
            "The keys of %(women)d people were destroyed. Names, documents, addresses, telephones, the people named "
            "and every sealed note can no longer be read by anybody. What found them was deleted.",
            erasure.women_erased,
        )
        % {"women": erasure.women_erased}
    )
    document.paragraph(
        _(
            "Backup copies made before this moment still hold the key. They are kept apart, and destroyed when they "
            "expire."
        )
    )
    document.small_print(_("Entry %(number)d of the register of erasures") % {"number": erasure.pk})
    return document.content()


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
