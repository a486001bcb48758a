"""The paper that a woman signs, written whole: the words, what she agreed to and what not, and her signature."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.pdf import Document
from participants.consent_file import Wording
from participants.consent_scopes import Scope
from participants.signature import WIDTH, Signature, SignatureMethod

SIGNATURE_MM, PAPER_MM = 80, 150


@dataclass(frozen=True, slots=True, repr=False)
class SignedText:
    """What is signed: the version's words in her language, with its number and hash."""

    version: str
    sha256: str
    language: str
    wording: Wording


def signed_copy(
    text: SignedText,
    *,
    full_name: str,
    study_code: str,
    station_code: str,
    scopes: Collection[str],
    signature: Signature,
    signed_at: datetime,
) -> bytes:
    """Return the signed paper as a PDF in the language that she signed."""
    with override(text.language):
        document = Document(title=text.wording.title.strip(), made_at=signed_at)
        document.paragraph(text.wording.introduction.strip())
        document.heading(_("What she agrees to"))
        parts = text.wording.parts()
        document.table(
            (_("Part"), _("Answer")),
            [(parts[scope.value].strip(), _("Yes") if scope.value in scopes else _("No")) for scope in Scope],
        )
        document.paragraph(text.wording.closing.strip())
        document.facts(
            [
                (_("Full name"), full_name),
                (_("Code"), study_code),
                (_("Station"), station_code),
                (_("Signed"), date_format(timezone.localtime(signed_at), "SHORT_DATETIME_FORMAT")),
            ]
        )
        if signature.method == SignatureMethod.DRAWN:
            document.strokes(signature.strokes, units_wide=WIDTH, width_mm=SIGNATURE_MM)
        else:
            document.new_page(_("Signed paper"))
            document.image(signature.picture, width_mm=PAPER_MM)
        document.small_print(
            _("Text version %(version)s, SHA-256 %(sha256)s") % {"version": text.version, "sha256": text.sha256}
        )
        return document.content()
