"""The administrator's list of sessions, how far each station is covered, and the form for a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations.queries import study_codes
from training import queries, services
from training.forms import SessionForm
from training.models import Session


def training_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "coverage": queries.coverage(on=timezone.localdate()),
        "sessions": queries.sessions(),
        "codes": study_codes(),
        "modules": Session.Module.choices,
    }
    return render(request, "training/training_list.html", context)


def training_record(request: SignedInRequest) -> HttpResponse:
    typed = request.POST or (request.GET if "station" in request.GET else None)
    form = SessionForm(typed)
    if request.method == "POST" and form.has_roster and form.is_valid():
        filled = form.cleaned_data
        try:
            services.record_session(
                by=request.user,
                station=filled["station"],
                module=Session.Module(filled["module"]),
                held_on=filled["held_on"],
                attended={officer: services.KnowledgeScores() for officer in filled["attended"]},
                trainer=filled["trainer"],
                deviation_reason=filled["deviation_reason"],
                now=timezone.now(),
            )
            messages.success(request, _("The session is recorded."))
            return redirect("training_list")
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "training/training_record.html", {"form": form})
