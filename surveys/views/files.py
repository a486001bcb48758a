"""The files that a questionnaire names, given by the hash of what they hold."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response

from accounts.requests import SignedInRequest
from surveys.models import InstrumentFile

# What an address gives never changes: it is named by its hash.
KEPT = "private, max-age=604800, immutable"


def instrument_file(request: SignedInRequest, instrument_id: int, sha256: str) -> HttpResponseBase:
    found = InstrumentFile.objects.filter(instrument=instrument_id, sha256=sha256).order_by("pk")[:1]
    return given_file(request, get_object_or_404(found))


def given_file(request: HttpRequest, file: InstrumentFile) -> HttpResponseBase:
    """Answer with a file, or that it is there already; a list is never opened as a page."""
    answer = HttpResponse(bytes(file.content), content_type=file.content_type)
    answer["ETag"], answer["Cache-Control"] = f'"{file.sha256}"', KEPT
    answer["Content-Disposition"] = "inline" if file.kind == InstrumentFile.Kind.IMAGE else "attachment"
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
