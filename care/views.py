"""A page for whoever visits and asks, about herself; and for others numbers that speak of nobody."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from care import queries, services
from care.forms import FeelingForm, HardTimeForm
from care.models import Debrief


def care_own(request: SignedInRequest) -> HttpResponse:
    form = HardTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        occasion = Debrief.Occasion(form.cleaned_data["occasion"])
        services.say_it_was_hard(by=request.user, occasion=occasion, feeling=form.said, now=timezone.now())
        messages.success(request, _("Kept. Only you can read it."))
        return redirect("care_own")
    rules, hard = queries.care_rules(), queries.hard_times(request.user, timezone.now())
    context = {
        "form": form,
        "rules": rules,
        "contact": rules.contact.in_language(get_language() or "es"),
        "hard": hard,
        "is_over_cap": hard >= rules.hard_times,
        "waiting": queries.offers_waiting(request.user),
        "answers": queries.answers_of(request.user),
    }
    return render(request, "care/care_own.html", context)


def care_answer(request: SignedInRequest, debrief_id: int) -> HttpResponse:
    debrief = get_object_or_404(Debrief.objects.visible_to(request.user), pk=debrief_id)
    form = FeelingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_debrief(by=request.user, debrief=debrief, feeling=form.said, now=timezone.now())
        except StudyError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Kept. Only you can read it."))
        return redirect("care_own")
    return render(request, "care/care_answer.html", {"form": form, "debrief": debrief})


def care_load(request: SignedInRequest) -> HttpResponse:
    people = queries.people_over_cap(request.user, timezone.now())
    return render(request, "care/care_load.html", {"people": people, "rules": queries.care_rules()})


def care_counts(request: SignedInRequest) -> HttpResponse:
    counts = queries.care_counts(timezone.now())
    rows = [(label, counts.by_feeling[code]) for code, label in Debrief.Feeling.choices]
    return render(request, "care/care_counts.html", {"counts": counts, "rows": rows})
