"""How the API says no: one mapping from the study's errors to HTTP."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.http import parse_etags
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from accounts.errors import StudyError, refusal
from accounts.middleware import SHOWN_KEY
from accounts.models import Token, User
from accounts.parsers import TooLarge
from accounts.revocation import keeps_storage


class TokenAuthentication(BaseAuthentication):
    """Whoever shows a key of hers (`Authorization: Bearer …`): the access table has let her in already, or not."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        token = request.META.get(SHOWN_KEY)
        return (token.owner, token) if isinstance(token, Token) else None


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API names a key."""

    target_class = "accounts.api.TokenAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key that its owner made on the page Keys."}


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


def is_known(request: Request, tag: str) -> bool:
    """Say whether the caller has this content already, by its If-None-Match."""
    known = {said.removeprefix("W/") for said in parse_etags(request.headers.get("If-None-Match", ""))}
    return tag in known or "*" in known
