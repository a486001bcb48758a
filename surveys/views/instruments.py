"""Questionnaires: loaded, looked at, tried, compared, published, given to waves."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from surveys import presenters, queries, services
from surveys.forms.instruments import InstrumentUploadForm, WaveForm
from surveys.instrument_diff import differences
from surveys.models import Instrument
from surveys.views.web_form import with_web_form


def instrument_list(request: SignedInRequest) -> HttpResponse:
    instruments = list(Instrument.objects.listed().defer("content"))
    waves = presenters.wave_rows(instruments, queries.instruments_by_wave(), get_language() or "es")
    may_manage = request.user.has(Permission.MANAGE_INSTRUMENTS)
    context = {
        "instruments": instruments,
        "waves": waves,
        "may_manage": may_manage,
        "may_change": may_manage and any(wave.others for wave in waves),
    }
    return render(request, "surveys/instrument_list.html", context)


def instrument_upload(request: SignedInRequest) -> HttpResponse:
    form = InstrumentUploadForm(request.POST or None, request.FILES or None)
    problems: list[presenters.ProblemRow] = []
    if request.method == "POST" and form.is_valid():
        file, private = form.cleaned_data["file"], form.cleaned_data["is_private"]
        licence = Instrument.Licence.PRIVATE if private else Instrument.Licence.OPEN
        try:
            stored = services.load_instrument(
                by=request.user,
                source=file.read(),
                name=file.name,
                files=[(one.name, one.read()) for one in form.cleaned_data["attached"]],
                licence=licence,
                now=timezone.now(),
            )
        except services.InstrumentRefused as error:
            problems = presenters.problem_rows(error.problems)
        except StudyError as error:
            form.add_error("file", str(error))
        else:
            return redirect("instrument_detail", instrument_id=stored.pk)
    return render(request, "surveys/instrument_upload.html", {"form": form, "problems": problems})


def instrument_detail(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.listed(), pk=instrument_id)
    manages = request.user.has(Permission.MANAGE_INSTRUMENTS)
    context = {
        "instrument": instrument,
        "rows": presenters.question_rows(instrument.content, get_language() or "es"),
        "warnings": presenters.warning_lines(instrument.content),
        "files": presenters.file_rows(instrument),
        "others": Instrument.objects.listed().defer("content").filter(code=instrument.code).exclude(pk=instrument.pk),
        "may_manage": manages,
        "may_download": manages or instrument.licence == Instrument.Licence.OPEN,
    }
    return render(request, "surveys/instrument_detail.html", context)


@with_web_form
def instrument_preview(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.listed(), pk=instrument_id)
    context = {"instrument": instrument, "prefill": {}, "words": presenters.form_words()}
    return render(request, "surveys/instrument_preview.html", context)


def instrument_xform(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.defer("source", "content"), pk=instrument_id)
    return HttpResponse(instrument.xform_here, content_type="text/xml; charset=utf-8")


def instrument_source(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.defer("xform", "content"), pk=instrument_id)
    if instrument.licence != Instrument.Licence.OPEN and not request.user.has(Permission.MANAGE_INSTRUMENTS):
        raise Http404
    suffix = "md" if instrument.source_name.lower().endswith(".md") else "xlsx"
    response = HttpResponse(bytes(instrument.source), content_type="application/octet-stream")
    name = f"{instrument.code}-{instrument.version}.{suffix}"
    # A version is whatever its author wrote.
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def instrument_changes(request: SignedInRequest, instrument_id: int, before_id: int) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.listed(), pk=instrument_id)
    before = get_object_or_404(Instrument.objects.listed(), pk=before_id, code=instrument.code)
    found = differences(before.content, instrument.content)
    context = {"instrument": instrument, "before": before, "rows": presenters.difference_rows(found)}
    return render(request, "surveys/instrument_changes.html", context)


@require_POST
def instrument_publish(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    return _moved(request, instrument_id, services.publish_instrument, _("The version is published and frozen."))


@require_POST
def instrument_retire(request: SignedInRequest, instrument_id: int) -> HttpResponse:
    return _moved(request, instrument_id, services.retire_instrument, _("The version is retired; its answers stay."))


@require_POST
def instrument_pin(request: SignedInRequest, wave: str) -> HttpResponse:
    form = WaveForm(request.POST)
    if form.is_valid():
        try:
            services.pin_instrument(
                by=request.user, wave=wave, instrument=form.cleaned_data["instrument"], now=timezone.now()
            )
        except StudyError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Whoever is asked at this wave from now on is asked this version."))
    else:
        messages.error(request, _("Choose a published version."))
    return redirect("instrument_list")


def _moved(request: SignedInRequest, instrument_id: int, move: Any, done: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.listed(), pk=instrument_id)
    try:
        move(by=request.user, instrument=instrument, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("instrument_detail", instrument_id=instrument_id)
