"""The safety officer's list, a case and its end; and what others put before her."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants.models import Participant
from participants.queries import participants_listed
from safety import presenters, queries, services
from safety.forms import ActionForm, CaseFilterForm, CloseForm, HandOverForm, RaiseByCodeForm, RaiseForm
from safety.models import SafetyCase

CASES_PER_PAGE = 50


def case_list(request: SignedInRequest) -> HttpResponse:
    chosen = CaseFilterForm(request.GET)
    now = timezone.now()
    filters = chosen.cleaned_data if chosen.is_valid() else {}
    cases = queries.cases_filtered(request.user, now, **filters)
    page = Paginator(cases, CASES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": presenters.case_rows(page.object_list, now), "chosen": chosen}
    return render(request, "safety/case_list.html", context)


def case_detail(request: SignedInRequest, safety_case_id: int) -> HttpResponse:
    case = _in_scope(request, safety_case_id)
    actions = list(queries.actions_of(case))
    form = ActionForm(request.POST or None, initial={"seen": len(actions)})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_action(by=request.user, case=case, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error("note" if isinstance(error, services.NoteNeeded) else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_detail", safety_case_id=case.pk)
    notes, refusal = _notes(request, case)
    (row,) = presenters.case_rows([case], timezone.now())
    steps = presenters.action_rows(actions, notes)
    events = presenters.event_rows(queries.events_of(case), notes)
    context = {"row": row, "steps": steps, "events": events, "notes": notes, "refusal": refusal, "form": form}
    return render(request, "safety/case_detail.html", context)


def case_close(request: SignedInRequest, safety_case_id: int) -> HttpResponse:
    case = _in_scope(request, safety_case_id)
    form = CloseForm(request.POST or None, initial={"seen": queries.actions_of(case).count()})
    if request.method == "POST" and form.is_valid():
        try:
            services.close_case(by=request.user, case=case, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error("note" if isinstance(error, services.NoteNeeded) else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_list")
    (row,) = presenters.case_rows([case], timezone.now())
    return render(request, "safety/case_close.html", {"row": row, "form": form})


def case_hand_over(request: SignedInRequest, safety_case_id: int) -> HttpResponse:
    case = _in_scope(request, safety_case_id)
    officers = queries.safety_officers().exclude(pk=case.duty_person_id or 0)
    initial = {"seen": queries.actions_of(case).count()}
    form = HandOverForm(request.POST or None, officers=officers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.hand_over_case(by=request.user, case=case, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_detail", safety_case_id=case.pk)
    (row,) = presenters.case_rows([case], timezone.now())
    context = {"row": row, "form": form, "anybody": officers.exists()}
    return render(request, "safety/case_hand_over.html", context)


def case_raise(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(participants_listed(request.user), study_code=study_code)
    form = RaiseForm(request.POST or None, initial={"rule": request.GET.get("motivo")})
    if request.method == "POST" and form.is_valid() and _raise(request, participant, form):
        return redirect("own_case_list")
    return render(request, "safety/case_raise.html", {"participant": participant, "form": form})


def case_raise_by_code(request: SignedInRequest) -> HttpResponse:
    form = RaiseByCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        participant = queries.participant_of_code(form.cleaned_data["study_code"])
        if participant is None:
            form.add_error("study_code", _("Nobody has this code."))
        elif _raise(request, participant, form):
            return redirect("home")
    return render(request, "safety/case_raise.html", {"form": form})


def own_case_list(request: SignedInRequest) -> HttpResponse:
    cases = queries.cases_listed(request.user)
    page = Paginator(cases, CASES_PER_PAGE).get_page(request.GET.get("page"))
    rows = presenters.case_rows(page.object_list, timezone.now())
    return render(request, "safety/own_case_list.html", {"page": page, "rows": rows})


def _raise(request: SignedInRequest, participant: Participant, form: RaiseForm) -> bool:
    """Put it before the safety officer; say whether that went well, or put what went wrong on the form."""
    rule, note = form.cleaned_data["rule"], form.cleaned_data["note"]
    try:
        services.raise_by_hand(by=request.user, participant=participant, rule=rule, note=note, now=timezone.now())
    except StudyError as error:
        form.add_error("note" if isinstance(error, services.NoteNeeded) else None, str(error))
        return False
    messages.success(request, _("The safety officer has it. Thank you."))
    return True


def _notes(request: SignedInRequest, case: SafetyCase) -> tuple[dict[str, str], str]:
    """Open what was written; or say why it stays closed."""
    try:
        return services.open_notes(by=request.user, case=case, now=timezone.now()), ""
    except StudyError as error:
        return {}, str(error)


def _in_scope(request: SignedInRequest, safety_case_id: int) -> SafetyCase:
    return get_object_or_404(queries.cases_listed(request.user), pk=safety_case_id)
