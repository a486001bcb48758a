"""From a report to enrolment: the station's reports, screening, and the new card."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.eligibility import Outcome
from participants.forms.cards import EnrolmentForm
from participants.forms.intake import ReportForm, ScreeningForm
from participants.models import ConsentText, IncidentReport, Screening
from participants.presenters.intake import received_words, report_page, report_rows, state_choices
from participants.replanning import request_replan
from participants.report_states import ReportState

REPORTS_PER_PAGE = 50


def report_list(request: SignedInRequest) -> HttpResponse:
    shown = request.GET.get("ver", "")
    counts, reports = queries.report_counts(request.user), queries.reports_listed(request.user)
    if shown in ReportState.values:
        reports = reports.filter(state=shown)
    page = Paginator(reports, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": report_rows(page.object_list, queries.masked_report_names(page.object_list)),
        "choices": state_choices(counts, shown),
        "has_reports": any(counts.values()),
        "progress": queries.own_progress(request.user, today=timezone.localdate()),
    }
    return render(request, "participants/report_list.html", context)


def report_new(request: SignedInRequest) -> HttpResponse:
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            received = services.receive_report(
                by=request.user, entry=form.entry(), source=IncidentReport.Source.TYPED, now=timezone.now()
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, received_words(received.fate, received.report.code))
            return redirect("report_screen", report_code=received.report.code)
    return render(request, "participants/report_new.html", {"form": form})


def report_screen(request: SignedInRequest, report_code: str) -> HttpResponse:
    report = _in_scope(request, report_code)
    form = _screening_form(request, report)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            screening = services.screen_report(by=request.user, report=report, now=timezone.now(), **form.screening())
        except StudyError as error:
            form.refuse(error, seen=_last_attempt(report))
        else:
            messages.success(request, _("Saved: %(outcome)s.") % {"outcome": screening.get_outcome_display()})
            return redirect("report_screen", report_code=report_code)
    progress = queries.own_progress(request.user, today=timezone.localdate())
    context = {**report_page(report, language=get_language() or "es"), "is_full": progress and progress.is_full}
    try:
        context["entry"] = services.read_report(by=request.user, report=report, now=timezone.now())
        context["is_household_enrolled"] = queries.is_household_enrolled(report.station, context["entry"])
    except StudyError as error:
        context["refusal"] = str(error)
    return render(request, "participants/report_screen.html", {**context, "form": form})


def participant_enrol(request: SignedInRequest, report_code: str) -> HttpResponse:
    report = _in_scope(request, report_code)
    screening = queries.current_screening(report)
    if screening is None or screening.outcome != Outcome.ELIGIBLE or report.participant_id is not None:
        return redirect("report_screen", report_code=report_code)
    try:
        text = services.require_consent_text(timezone.now())
        form = _enrolment_form(request, report, screening, text)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("report_screen", report_code=report_code)
    if request.method == "POST" and form.is_valid():
        try:
            participant = services.enrol_participant(
                by=request.user,
                screening=screening,
                now=timezone.now(),
                **form.enrolment(),
            )
        except StudyError as error:
            form.add_error(None, str(error))
            form.show_words(text.version)
        else:
            request_replan(participant.pk)
            messages.success(request, _("Enrolled as %(code)s.") % {"code": participant.study_code})
            return redirect("assess_risk", study_code=participant.study_code)
    return render(request, "participants/participant_enrol.html", {"form": form, "report": report})


def _in_scope(request: SignedInRequest, report_code: str) -> IncidentReport:
    report: IncidentReport = get_object_or_404(queries.reports_listed(request.user), code=report_code)
    return report


def _last_attempt(report: IncidentReport) -> int:
    screening = queries.current_screening(report)
    return screening.attempt if screening else 0


def _screening_form(request: SignedInRequest, report: IncidentReport) -> ScreeningForm | None:
    """Return the form, or None where nobody is to be screened: a further report, an enrolled woman, no rules."""
    try:
        rules = queries.screening_rules()
    except StudyError:
        return None
    if report.first_report_id is not None or report.participant_id is not None:
        return None
    return ScreeningForm(request.POST or None, rules=rules, initial={"seen": _last_attempt(report)})


def _enrolment_form(
    request: SignedInRequest, report: IncidentReport, screening: Screening, text: ConsentText
) -> EnrolmentForm:
    """Fill the form with what was typed, or else with the report, whose opening is recorded."""
    language = get_language() or "es"
    if request.method == "POST":
        return EnrolmentForm(request.POST, request.FILES, text=text, language=language)
    woman = services.read_report(by=request.user, report=report, now=timezone.now()).woman
    known = {name: getattr(woman, name) for name in EnrolmentForm.base_fields if hasattr(woman, name)}
    return EnrolmentForm(initial={**known, "age": screening.age}, text=text, language=language)
