"""Writing down who came to a session."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations.queries import study_codes
from training import services
from training.forms.attendance import AttendanceForm
from training.models import Session
from training.presenters import sessions as presenters
from training.queries.sessions import entries, roster, sessions, starts_at


def training_attendance(request: SignedInRequest, session_id: int, module: int) -> HttpResponse:
    session = _session_with(session_id, module)
    form = AttendanceForm(
        request.POST or None,
        session=session,
        module=module,
        officers=roster(session),
        entries=entries(session),
        begin=request.GET.get("como", ""),
    )
    if request.method == "POST" and form.is_valid():
        written = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data["reason"], "now": timezone.now()}
        try:
            services.record_attendance(by=request.user, session=session, entries=form.entries(), **written)
        except StudyError as error:
            form.add_error("reason" if isinstance(error, services.ReasonMissing) else None, str(error))
        else:
            messages.success(request, _("Who came is written down."))
            return redirect("training_session", session_id=session.pk)
    context = {
        "form": form,
        "session": session,
        "module": module,
        "module_label": presenters.module_labels().get(module, ""),
        "station_code": study_codes()[session.station_id],
        "other_modules": [number for number in session.modules if number != module],
        "has_begun": starts_at(session) <= timezone.now(),
    }
    return render(request, "training/training_attendance.html", context)


def _session_with(session_id: int, module: int) -> Session:
    session = get_object_or_404(sessions(), pk=session_id)
    if module not in session.modules:
        raise Http404
    return session
