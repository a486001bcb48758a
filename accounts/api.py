"""How the API says no: one mapping from the study's errors to HTTP."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from accounts.errors import StudyError, refusal
from accounts.models import User
from accounts.parsers import TooLarge
from accounts.revocation import keeps_storage


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a StudyError with its status, `code`, `detail` and `field`; leave the rest to the framework."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    if isinstance(error, StudyError):
        headers = _clearing(context["request"]) if error.clears_browser else None
        return Response(refusal(error), status=error.http_status, headers=headers)
    return rest_exception_handler(error, context)


def _clearing(request: Request) -> dict[str, str]:
    """Return what tells the browser to forget this site, but not that she is signed in, nor what was not sent yet."""
    keeps = keeps_storage(person(request).pk, request.headers.get("X-Unsent"))
    return {"Clear-Site-Data": '"cache"' if keeps else '"cache", "storage"'}


def person(request: Request) -> User:
    """Return who calls; the access table lets nobody through who did not sign in."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
