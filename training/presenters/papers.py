"""The papers of a session: certificates, and the sheet that officers sign."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.pdf import Document
from stations.models import Officer
from training.certificate_code import in_groups
from training.models import Certificate, Session
from training.presenters.sessions import module_numbers

BLANK = "_" * 42


def certificates_pdf(certificates: Sequence[Certificate], *, labels: Mapping[int, str]) -> bytes:
    """Return one page for each certificate (at least one); `labels` maps a module's number to its title.

    They carry the officer's code: her name is written in by hand. The same certificates give the same bytes.
    """
    document = None
    title = _("Certificate of attendance")
    for certificate in certificates:
        if document is None:
            document = Document(title=title, made_at=max(one.issued_at for one in certificates))
        else:
            document.new_page(title)
        _write_certificate(document, certificate, labels)
    if document is None:
        raise ValueError("no certificate to print")
    return document.content()


def _write_certificate(document: Document, certificate: Certificate, labels: Mapping[int, str]) -> None:
    row = certificate.attendance
    session = row.session
    document.paragraph(_("The person named here has attended the following module."))
    document.facts(
        [
            (_("Name"), BLANK),
            (_("Code"), row.officer.code),
            (_("Module"), f"{row.module}. {labels.get(row.module, '')}"),
            (_("Day"), date_format(session.held_on)),
            (_("Hours"), str(certificate.hours)),
            (_("Place"), session.place or "-"),
            (_("Trainers"), ", ".join(session.trainers) or "-"),
        ]
    )
    document.paragraph(f"\n\n{BLANK}\n{_('Signature and seal')}")
    document.small_print(
        _("Code to check: %(code)s. Whoever coordinates the sessions can tell whether it is genuine and still holds.")
        % {"code": in_groups(certificate.code)}
    )


def signing_sheet(session: Session, officers: Sequence[Officer], *, station_code: str, now: datetime) -> bytes:
    """Return the sheet on which officers sign before a session, a row each, by code."""
    document = Document(title=_("Attendance sheet"), made_at=now)
    hour = f", {session.start_time:%H:%M}" if session.start_time else ""
    document.facts(
        [
            (_("Station"), station_code),
            (_("Day"), f"{date_format(session.held_on)}{hour}"),
            (_("Modules"), module_numbers(session.modules)),
            (_("Place"), session.place or "-"),
            (_("Trainers"), ", ".join(session.trainers) or "-"),
        ]
    )
    header = (_("Code"), _("Arrived at"), _("Score before"), _("Score after"), _("Signature"))
    document.table(header, [(officer.code, "", "", "", "") for officer in officers])
    return document.content()
