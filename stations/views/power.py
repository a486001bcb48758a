"""What the trial as planned could show: nothing is stored, the address holds what was supposed."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest
from protocol.queries import NoProtocol, current_protocol
from stations.forms.power import PowerForm
from stations.power import design_effect
from stations.presenters import power as presenters


def power(request: SignedInRequest) -> HttpResponse:
    try:
        form = PowerForm(request.GET.dict(), sampling=current_protocol().sampling)
    except NoProtocol as error:
        return render(request, "stations/no_protocol.html", {"error": error}, status=error.http_status)
    if not form.is_valid():
        return render(request, "stations/power.html", {"form": form})
    trial, prevalence = form.trial, form.prevalence
    context = {
        "form": form,
        "trial": trial,
        "prevalence_pct": round(prevalence * 100, 6),
        "effect_points": form.effect_points,
        "design_effect": design_effect(trial),
        "figures": presenters.figures(trial, prevalence, form.effect_points),
        "grids": presenters.grids(trial, prevalence),
        "curve": presenters.curve(trial, prevalence),
    }
    return render(request, "stations/power.html", context)
