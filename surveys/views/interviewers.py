"""The coordinator's pages: who asks whom, who waits for somebody, and when interviewers are away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.models import User
from accounts.requests import SignedInRequest
from participants.models import Participant
from protocol.queries import current_protocol
from surveys import services
from surveys.forms.interviewers import InterviewerAbsenceForm, ProfileForm, ReassignForm
from surveys.models import InterviewerAbsence, InterviewerChange
from surveys.queries import interviewers as queries
from surveys.queries.entries import entries_to_decide

CHANGES_A_PAGE = 20
WOMEN_A_PAGE = 50


def interviewer_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    found = queries.sharing(today)
    changes = Paginator(queries.changes_listed(), CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": queries.interviewer_rows(found, today),
        "weeks": queries.weeks_shown(today),
        "short": queries.short_rows(found),
        "changes": changes,
        "held": entries_to_decide(request.user),
        "without_home": queries.women_without_home(today),
    }
    return render(request, "surveys/interviewer_list.html", context)


def interviewer_edit(request: SignedInRequest, user_id: int) -> HttpResponse:
    user, now = get_object_or_404(queries.interviewers_in_service(), pk=user_id), timezone.now()
    profile = ProfileForm(request.POST if "profile" in request.POST else None, initial=_profile_now(user))
    away = InterviewerAbsenceForm(
        request.POST if "absence" in request.POST else None, initial={"starts_on": timezone.localdate(now)}
    )
    for form, save in (
        (profile, services.set_interviewer_profile),
        (away, services.record_interviewer_absence),
    ):
        if form.is_bound and form.is_valid() and _saved(form, save, by=request.user, user=user, now=now):
            messages.success(request, _("Saved. The women were shared out anew."))
            return redirect("interviewer_edit", user_id=user.pk)
    women = Participant.objects.filter(interviewer=user).order_by("study_code")
    page = Paginator(women, WOMEN_A_PAGE).get_page(request.GET.get("page"))
    absences = queries.absences_from(timezone.localdate(now)).filter(user=user)
    context = {"person": user, "profile": profile, "away": away, "absences": absences, "page": page}
    return render(request, "surveys/interviewer_edit.html", context)


@require_POST
def interviewer_absence_withdraw(request: SignedInRequest, absence_id: int) -> HttpResponse:
    absence = get_object_or_404(InterviewerAbsence, pk=absence_id)
    try:
        services.withdraw_interviewer_absence(by=request.user, absence=absence, now=timezone.now())
        messages.success(request, _("Saved. The women were shared out anew."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("interviewer_edit", user_id=absence.user_id)


def interviewer_reassign(request: SignedInRequest, study_code: str) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    participant = get_object_or_404(queries.women_to_ask(today).select_related("interviewer"), study_code=study_code)
    choices = queries.choices_for(participant, today)
    form = ReassignForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        chosen = next(choice.user for choice in choices if choice.user.pk == form.cleaned_data["interviewer"])
        reason = InterviewerChange.Reason(form.cleaned_data["reason"])
        try:
            services.reassign_woman(
                by=request.user, participant=participant, interviewer=chosen, reason=reason, now=now
            )
        except StudyError as error:
            form.add_error("interviewer", str(error))
        else:
            messages.success(request, _("Saved. It can be undone on this page."))
            return redirect("interviewer_list")
    return render(request, "surveys/interviewer_reassign.html", {"participant": participant, "form": form})


@require_POST
def interviewer_change_undo(request: SignedInRequest, change_id: int) -> HttpResponse:
    change = get_object_or_404(InterviewerChange, pk=change_id)
    try:
        services.undo_interviewer_change(by=request.user, change=change, now=timezone.now())
        messages.success(request, _("Undone."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("interviewer_list")


def _profile_now(user: User) -> dict[str, object]:
    profile = getattr(user, "interviewer_profile", None)
    if profile is None:
        return {"surveys_a_week": current_protocol().instruments.surveys_a_week}
    return {"district": profile.district_id, "surveys_a_week": profile.surveys_a_week}


def _saved(form: Form, save: object, **words: object) -> bool:
    """Let the service save what the form holds; say on the form what it refuses."""
    try:
        save(**words, **form.cleaned_data)  # type: ignore[operator]
    except StudyError as error:
        form.add_error(None, str(error))
        return False
    return True
