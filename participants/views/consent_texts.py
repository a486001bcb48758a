"""The versions of the consent text, and what changed from one to the next."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.requests import SignedInRequest
from participants import queries
from participants.presenters.consent_texts import text_parts, text_rows


def consent_text_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "participants/consent_text_list.html", {"rows": text_rows(timezone.localdate())})


def consent_text_detail(request: SignedInRequest, version: str) -> HttpResponse:
    text = get_object_or_404(queries.consent_texts(), version=version)
    file = queries.consent_file(text)
    asked_for = request.GET.get("idioma", get_language())
    language = asked_for if asked_for in file.languages else next(iter(file.languages))
    older = queries.text_before(text)
    compared = older if "cambios" in request.GET else None
    context = {
        "text": text,
        "file": file,
        "language": language,
        "older": older,
        "is_compared": compared is not None,
        "parts": text_parts(compared, text, language),
    }
    return render(request, "participants/consent_text_detail.html", context)
