"""The certificate of a withdrawal: what ended and when, by study code only."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.pdf import Document
from participants.consent_scopes import Scope
from participants.models import Withdrawal


def withdrawal_certificate(withdrawal: Withdrawal) -> bytes:
    """Return the certificate as a PDF in the language in force; the same bytes each time. It names nobody."""
    document = Document(title=_("Certificate"), made_at=withdrawal.withdrawn_at)
    ended = ", ".join(str(Scope(scope).label) for scope in withdrawal.scopes)
    document.facts(
        [
            (_("Code"), withdrawal.participant.study_code),
            (_("Date"), date_format(timezone.localtime(withdrawal.withdrawn_at), "SHORT_DATETIME_FORMAT")),
            (_("What has ended"), _("Everything") if withdrawal.is_whole else ended),
        ]
    )
    document.paragraph(
        _("Nobody will plan or ask for what has ended from this moment on. The care that she receives does not change.")
    )
    document.paragraph(
        _("She asked that her personal data be erased. A second person confirms it, and a certificate says when.")
        if withdrawal.erasure_wanted
        else _("What she told before stays under her code. She may still ask that her personal data be erased.")
    )
    document.small_print(_("Entry %(number)d of the register of withdrawals") % {"number": withdrawal.pk})
    return document.content()
