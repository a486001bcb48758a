"""Whom to talk to, the steps until it is held, and the choice of women."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from interviews import queries, services
from interviews.forms import SelectionForm, StepForm, next_steps
from interviews.models import Interview
from interviews.presenters import meetings as presenters

ROWS_A_PAGE = 50
CHOICES_A_PAGE = 5


def interview_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.interviews_listed(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = presenters.interview_rows(list(page.object_list))
    return render(request, "interviews/interview_list.html", {"page": page, "rows": rows})


def interview_detail(request: SignedInRequest, interview_id: int) -> HttpResponse:
    interview = get_object_or_404(queries.interviews_listed(request.user), pk=interview_id)
    forms = next_steps(interview, request.POST if request.method == "POST" else None)
    sent = next((form for form in forms if form.is_bound), None)
    if request.method == "POST" and sent is None:
        messages.error(request, str(services.InterviewMovedOn.message))
        return redirect("interview_detail", interview_id=interview.pk)
    if sent is not None and sent.is_valid() and _take(request, interview, sent):
        return redirect("interview_detail", interview_id=interview.pk)
    (row,) = presenters.interview_rows([interview])
    held = {"files": queries.files_of(interview), "transcripts": queries.transcripts_of(interview)}
    return render(request, "interviews/interview_detail.html", {"row": row, "forms": forms, "sent": sent, **held})


def interview_selection(request: SignedInRequest) -> HttpResponse:
    form = SelectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.select_interviewees(by=request.user, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Chosen. Each interviewer finds her own women under Interviews."))
            return redirect("interview_selection")
    page = Paginator(queries.selections_listed(), CHOICES_A_PAGE).get_page(request.GET.get("page"))
    cards = [presenters.selection_card(selection) for selection in page.object_list]
    progress = queries.progress_by_arm(language=get_language() or "es")
    held = {"done": sum(row.done for row in progress), "wanted": sum(row.wanted for row in progress)}
    context = {"form": form, "page": page, "cards": cards, "progress": progress, **held}
    return render(request, "interviews/interview_selection.html", context)


@require_POST
def interview_replace(request: SignedInRequest, selection_id: int) -> HttpResponse:
    selection = get_object_or_404(queries.selections_listed(), pk=selection_id)
    try:
        services.replace_dropouts(by=request.user, chosen_before=selection, now=timezone.now())
        messages.success(request, _("Somebody else is asked now, chosen by the same rule."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("interview_selection")


def _take(request: SignedInRequest, interview: Interview, form: StepForm) -> bool:
    """Write a step; say whether that went well, or put what went wrong on its form."""
    try:
        if form.cleaned_data["seen"] != interview.status:
            raise services.InterviewMovedOn
        form.service(by=request.user, interview=interview, now=timezone.now(), **form.arguments())
    except StudyError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
