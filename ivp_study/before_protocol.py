"""A study begins before its protocol is loaded: every page says so then, and none breaks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.errors import refusal
from protocol.queries import NoProtocol


class BeforeProtocolMiddleware:
    """Answer with a sentence and a way back whatever asks for a protocol that is not there; programs get its code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NoProtocol):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(refusal(error), status=error.http_status)
        return render(request, "no_protocol.html", {"error": error}, status=error.http_status)
