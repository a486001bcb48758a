"""Who takes what comes, on which days."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from safety import queries, services
from safety.forms import DutyForm


def duty_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    form = DutyForm(request.POST or None, officers=queries.safety_officers(), initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_duty(by=request.user, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("duty_list")
    context = {"turns": queries.turns_listed(today), "today": today, "form": form}
    return render(request, "safety/duty_list.html", context)


@require_POST
def duty_withdraw(request: SignedInRequest, turn_id: int) -> HttpResponse:
    turn = get_object_or_404(queries.turns_listed(timezone.localdate()), pk=turn_id)
    services.withdraw_duty(by=request.user, turn=turn, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("duty_list")
