"""What interviewers' phones sent and could not be taken as it came: seen, and decided by whoever coordinates."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from protocol.queries import current_protocol
from surveys import services
from surveys.forms.entries import EntryDecisionForm
from surveys.models import EntryDecision
from surveys.queries.entries import held_entries

ENTRIES_A_PAGE = 30


def entry_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(held_entries(request.user), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    may_decide = request.user.has(Permission.COORDINATE_SURVEYS)
    context = {"page": page, "waves": _waves(), "may_decide": may_decide}
    return render(request, "surveys/entry_list.html", context)


def entry_decide(request: SignedInRequest, held_id: UUID) -> HttpResponse:
    entry = get_object_or_404(held_entries(request.user), pk=held_id)
    form, now = EntryDecisionForm(request.POST or None), timezone.now()
    context = {"entry": entry, "form": form, "waves": _waves()}
    if request.method == "POST" and form.is_valid():
        decision = EntryDecision.Decision(form.cleaned_data["decision"])
        reason = EntryDecision.Reason(form.cleaned_data["reason"])
        try:
            services.decide_entry(by=request.user, entry=entry, decision=decision, reason=reason, now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Decided. What was kept aside stays kept."))
            return redirect("entry_list")
    try:
        context["weighed"] = services.weigh_entry(by=request.user, entry=entry, now=now)
    except StudyError as error:
        context["refusal"] = str(error)
    return render(request, "surveys/entry_decide.html", context)


def _waves() -> dict[str, str]:
    language = get_language() or "es"
    return {wave.code: wave.label.in_language(language) for wave in current_protocol().waves}
