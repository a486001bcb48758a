"""Reading, masking and coding a text; agreement."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from interviews import queries, services
from interviews.forms import CodingForm, MaskForm
from interviews.models import Coding, TranscriptVersion
from interviews.presenters import texts as presenters

TEXTS_A_PAGE = 32


def transcript_text(request: SignedInRequest, transcript_id: int) -> HttpResponse:
    transcript = get_object_or_404(queries.originals_visible(request.user), pk=transcript_id)
    try:
        opened = services.open_to_mask(by=request.user, transcript=transcript, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("interview_detail", interview_id=transcript.interview_id)
    places = [presenters.place_of(one) for one in opened.suggestions]
    form = MaskForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            services.mask_transcript(by=request.user, transcript=transcript, now=timezone.now(), **form.arguments())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The masked text is kept. Coders read its newest version."))
            return redirect("interview_detail", interview_id=transcript.interview_id)
    rows = presenters.suggested_rows(opened.paragraphs, opened.suggestions)
    accepted = request.POST.getlist("accepted") if form.is_bound else places
    context = {"transcript": transcript, "rows": rows, "form": form, "accepted": accepted, "count": len(places)}
    return render(request, "interviews/transcript_text.html", context)


def transcript_list(request: SignedInRequest) -> HttpResponse:
    found = queries.texts_to_code(request.user, timezone.localdate())
    page = Paginator(found, TEXTS_A_PAGE).get_page(request.GET.get("page"))
    done, wanted = queries.interviews_wanted()
    context = {
        "page": page,
        "rows": presenters.text_rows(page.object_list, request.user),
        "done": done,
        "wanted": wanted,
        "cells": queries.progress_by_cell(),
    }
    return render(request, "interviews/transcript_list.html", context)


def transcript_code(request: SignedInRequest, transcript_id: int) -> HttpResponse:
    readable = queries.texts_readable(request.user, timezone.localdate())
    transcript = get_object_or_404(readable, pk=transcript_id)
    form = CodingForm(request.POST if "code" in request.POST else None, codebook=queries.codebook())
    if request.method == "POST" and _take(request, transcript, form):
        return redirect("transcript_code", transcript_id=transcript.pk)
    paragraphs = services.open_transcript(by=request.user, transcript=transcript, now=timezone.now())
    own = queries.pass_of(transcript, request.user)
    rows = presenters.coded_rows(paragraphs, queries.codings_of(own), queries.standing_codes())
    is_compared = bool(queries.finished_passes(transcript))
    context = {"transcript": transcript, "rows": rows, "form": form, "own": own, "is_compared": is_compared}
    return render(request, "interviews/transcript_code.html", context)


def transcript_compare(request: SignedInRequest, transcript_id: int) -> HttpResponse:
    readable = queries.texts_readable(request.user, timezone.localdate())
    transcript = get_object_or_404(readable, pk=transcript_id)
    passes = queries.finished_passes(transcript)
    if not passes:
        messages.error(request, _("Agreement is shown once two people have finished this text."))
        return redirect("transcript_list")
    paragraphs = services.open_transcript(by=request.user, transcript=transcript, now=timezone.now())
    found = queries.agreement_on(transcript, passes)
    marked = [queries.codings_of(coding_pass) for coding_pass in passes]
    context = {
        "transcript": transcript,
        "passes": passes,
        "rows": presenters.agreement_rows(found),
        "overall": presenters.agreement_row("", queries.agreement_overall(found)),
        "differences": presenters.difference_rows(paragraphs, marked, queries.standing_codes()),
    }
    return render(request, "interviews/transcript_compare.html", context)


def _take(request: SignedInRequest, transcript: TranscriptVersion, form: CodingForm) -> bool:
    """Do what was asked for; say whether that went well, or put what went wrong on the form."""
    acts: dict[str, Callable[[], object]] = {
        "remove": lambda: services.remove_coding(
            by=request.user,
            coding=get_object_or_404(Coding, pk=request.POST["remove"], coding_pass__coder=request.user),
            now=timezone.now(),
        ),
        "finish": lambda: services.finish_coding(by=request.user, transcript=transcript, now=timezone.now()),
        "code": lambda: services.code_passage(
            by=request.user,
            transcript=transcript,
            code=form.cleaned_data["code"],
            passage=form.passage(),
            now=timezone.now(),
        ),
    }
    asked = next((act for act in acts if act in request.POST), None)
    if asked is None or (asked == "code" and not form.is_valid()):
        return False
    try:
        acts[asked]()
    except StudyError as error:
        if asked == "code":
            form.add_error(error.field or None, str(error))
            return False
        messages.error(request, str(error))
    return True
