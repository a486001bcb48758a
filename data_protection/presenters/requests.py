"""Requests as pages show them, and a woman's copy of what is held about her."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from data_protection import queries
from data_protection.models import DataRequest, IncidentWoman, RequestHandover
from data_protection.terms import is_overdue
from documents.pdf import Document
from interviews.models import Interview
from participants.consent_scopes import Scope
from participants.identity import Identity
from participants.models import Consent, Participant
from participants.presenters.homes import home_words
from referrals.models import Referral
from risk.models import Assessment
from surveys.models import SurveyCase
from visits.models import Visit

_KINDS = {"received": "info", "verified": "info", "answered": "good", "refused": "neutral", "taken_back": "neutral"}
# What speaks of other people is not printed: the paper may be found.
_OF_OTHERS = ("aggressor_", "trusted_", "who_may_be_home")
Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with its state in a colour, and whether its term is over."""

    request: DataRequest
    kind: str
    is_late: bool


def request_rows(requests: Iterable[DataRequest], today: date) -> list[RequestRow]:
    """Return requests as lists show them."""
    return [
        RequestRow(found, _KINDS[found.status], found.ended_at is None and is_overdue(found.due_on, today))
        for found in requests
    ]


def copy_of(request: DataRequest, identity: Identity | None, *, half: str, now: datetime) -> bytes:
    """Return one half of a woman's copy as a PDF in the language in force: made for her, stored nowhere.

    What concerns other people is left out: who finds the paper must not learn of them. Raise ValueError for a request
    of which it is not known who she is.
    """
    woman = request.participant
    if woman is None:
        raise ValueError(request.pk)
    document = Document(title=_("What is held about you"), made_at=now)
    today = _day(timezone.localdate(now))
    document.facts([(_("Code"), woman.study_code), (_("Request"), str(request)), (_("Day"), today)])
    document.heading(_("Who you are and how you are reached"))
    if identity is None:
        document.paragraph(_("This was erased: nobody can read it any more."))
    else:
        document.facts(_identity_facts(identity))
    tables = _station_tables(woman) if half == RequestHandover.Half.STATION else _survey_tables(woman)
    for title, header, rows in [_consents(woman), *tables]:
        document.heading(title)
        if rows:
            document.table(header, rows)
        else:
            document.paragraph(_("Nothing."))
    document.paragraph(
        _("Notes about you are kept sealed; ask to have them read to you. What concerns other people is not printed.")
    )
    return document.content()


def missing_words(request: DataRequest) -> list[str]:
    """Return what must still be done before a checked request can be answered, in words."""
    if request.status != DataRequest.Status.VERIFIED or queries.is_carried_out(request):
        return []
    halves = queries.halves_missing(request)
    if halves:
        return [str(half.label) for half in halves]
    return (
        [_("Her data are not erased yet.")] if request.kind == "cancellation" else [_("No withdrawal is written yet.")]
    )


def _identity_facts(identity: Identity) -> list[tuple[str, str]]:
    labels = {
        "full_name": _("Full name"),
        "document": _("Document number"),
        "telephone": _("Telephone"),
        "address": _("Address"),
        "address_hint": _("How to find it"),
        "home_district": _("District where you live"),
        "email": _("E-mail"),
        "code_word": _("Code word"),
        "if_someone_else_answers": _("If somebody else answers"),
        "do_not_approach_if": _("Do not approach if"),
    }
    names = [field.name for field in fields(identity) if not field.name.startswith(_OF_OTHERS)]
    held = {name: getattr(identity, name) for name in names}
    if identity.home_district:
        held["home_district"] = home_words(identity.home_district)
    return [(labels[name], text) for name, text in held.items() if text]


def _consents(woman: Participant) -> Table:
    rows = [
        (str(Scope(each.scope).label), each.text_version, _moment(each.given_at), _moment(each.ended_at))
        for each in Consent.objects.filter(participant=woman)
    ]
    return _("What you agreed to"), (_("Part"), _("Version"), _("Given"), _("Ended")), rows


def _station_tables(woman: Participant) -> Iterator[Table]:
    reports = woman.incident_reports.order_by("reported_on", "pk").values_list("reported_on", flat=True)
    yield _("Days on which you were received"), (_("Day"),), [(_day(day),) for day in reports]
    visits = Visit.objects.filter(participant=woman).exclude(status=Visit.Status.SUPERSEDED)
    yield _("Visits"), (_("Day"), _("State")), [(_day(v.planned_on), v.get_status_display()) for v in visits]
    sheets = Assessment.objects.filter(participant=woman).order_by("assessed_at", "pk")
    yield _("Assessments"), (_("Day"), _("Level")), [(_moment(s.assessed_at), s.level) for s in sheets]
    yield _referrals(woman, Referral.Team.STATION)
    yield _incidents(woman)


def _survey_tables(woman: Participant) -> Iterator[Table]:
    cases = SurveyCase.objects.filter(participant=woman).select_related("submission").order_by("wave_number", "pk")
    yield _("Surveys"), (_("Wave"), _("State")), [(case.wave, case.get_status_display()) for case in cases]
    answers = [
        (case.wave, code, str(answer))
        for case in cases
        if hasattr(case, "submission")
        for code, answer in sorted(case.submission.answers.items())
    ]
    yield _("Answers"), (_("Wave"), _("Question"), _("Answer")), answers
    talks = Interview.objects.filter(participant=woman).order_by("pk")
    yield _("Interviews"), (_("State"),), [(talk.get_status_display(),) for talk in talks]
    yield _referrals(woman, Referral.Team.SURVEYS)


def _referrals(woman: Participant, team: str) -> Table:
    found = Referral.objects.filter(participant=woman, team=team).order_by("offered_at", "pk")
    rows = [(_moment(each.offered_at), each.get_status_display()) for each in found]
    return _("Services offered"), (_("When"), _("State")), rows


def _incidents(woman: Participant) -> Table:
    found = IncidentWoman.objects.filter(participant=woman).select_related("incident").order_by("added_at", "pk")
    rows = [(_moment(each.added_at), each.incident.get_kind_display()) for each in found]
    return _("Incidents with your data"), (_("When"), _("What")), rows


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else "-"
