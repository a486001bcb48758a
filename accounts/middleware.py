"""Default deny: the access table is enforced before any view runs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ACCESS, PUBLIC, SCOPE_NEEDED, may_open
from accounts.errors import StudyError, refusal
from accounts.permissions import PermissionMissing
from accounts.queries import token_shown, was_revoked
from accounts.revocation import keeps_storage
from accounts.services import note_token_used

CLEARED = '"cache", "cookies", "storage"'
CLEARED_BUT_STORAGE = '"cache", "cookies"'
# Set by a page that its reader left in a hurry, in case it could not tell us: static/js/left.js.
LEFT_COOKIE = "salida"
# Where a request tells the views that its session was revoked.
REVOKED = "agenda.session_revoked"
# Where a request holds the key that a program showed, once it counted.
SHOWN_KEY = "agenda.token"
_BEARER = "bearer "
# What somebody may open who signed in with a password that another person gave her.
BEFORE_OWN_PASSWORD = frozenset({"password_change", "sign_out", "set_language", "sign_in"})


class SignedOut(StudyError):
    """Nobody is signed in, or the session is over. What waits on a phone goes on waiting."""

    code = "signed_out"
    message = _("Sign in first.")
    http_status = 403


class SessionRevoked(StudyError):
    """All sessions of the account were ended: its phones are closed with them."""

    code = "device_revoked"
    message = _("Access from this telephone was ended. Sign in again, or ask your supervisor.")
    http_status = 403


class OwnPasswordNeeded(StudyError):
    """Somebody else gave her the password that she signed in with."""

    code = "own_password_needed"
    message = _("Choose a password of your own first.")
    http_status = 403


class TokenInvalid(StudyError):
    """The key is not one of ours, is over, or was ended."""

    code = "token_invalid"
    message = _("This key opens nothing: it is over, was ended, or is not written whole.")
    http_status = 401


class ScopeMissing(StudyError):
    """The key was made for something else."""

    code = "scope_missing"
    message = _("This key may not read that. Make one that may.")
    http_status = 403


class LeftInAHurryMiddleware:
    """End the session of whoever left in a hurry with the first request after it.

    The page says so as it leaves. Without a signal, or before it knew its token, nobody heard: the cookie says it then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(LEFT_COOKIE):
            return self.get_response(request)
        logout(request)
        response = self.get_response(request)
        for name in {LEFT_COOKIE, settings.LANGUAGE_COOKIE_NAME} - response.cookies.keys():
            response.delete_cookie(name, samesite="Lax")
        return response


class AccessTableMiddleware:
    """Refuse every address that the table does not open to this person's role; keep pages out of caches.

    The first request of a session that was revoked is told to clear all that the browser keeps of this site, but not
    what was not sent yet. Programs are told why they are refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        revoked = _revoked_account(request)
        request.META[REVOKED] = revoked is not None
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _reads_pages(request):
            response = _way_back(request, response)
        if revoked is not None:
            keeps = keeps_storage(revoked, request.headers.get("X-Unsent"))
            response.headers["Clear-Site-Data"] = CLEARED_BUT_STORAGE if keeps else CLEARED
        # A public answer of the API leaves no user behind where nobody signed in.
        if getattr(request.user, "is_authenticated", False):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        url_name = request.resolver_match.view_name if request.resolver_match else ""
        error = _take_token(request, url_name) or _why_not(request, url_name)
        if error is None:
            return None
        if request.path.startswith("/api/"):
            headers = {"WWW-Authenticate": 'Bearer realm="Agenda"'} if isinstance(error, TokenInvalid) else None
            return JsonResponse(refusal(error), status=error.http_status, headers=headers)
        if isinstance(error, OwnPasswordNeeded):
            return redirect("password_change")
        if isinstance(error, SignedOut | SessionRevoked):
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied


def _reads_pages(request: HttpRequest) -> bool:
    return request.method == "GET" and request.user.is_authenticated and not request.path.startswith("/api/")


def _way_back(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """Answer in words, with the page above, where a form is sent to: a page that was refused stands there.

    Whoever changes the language on it, loads it again or signs in anew asks for the address as if it were a page.
    """
    above = f"{request.path.rstrip('/').rpartition('/')[0]}/"
    context = {"above": above if is_valid_path(above) else reverse("home")}
    answer = render(request, "405.html", context, status=refused.status_code)
    answer.headers["Allow"] = refused.headers["Allow"]
    return answer


def _take_token(request: HttpRequest, url_name: str) -> StudyError | None:
    """Let a program act for the owner of the key that it shows, where keys count; return why it may not.

    A key that is shown counts even beside a session: what a program gets never depends on a browser.
    """
    if url_name not in SCOPE_NEEDED:
        return None
    said = request.headers.get("Authorization", "")
    if not said.lower().startswith(_BEARER):
        return None
    now = timezone.now()
    token = token_shown(said[len(_BEARER) :].strip(), now)
    if token is None:
        return TokenInvalid()
    request.user, request.META[SHOWN_KEY] = token.owner, token
    if SCOPE_NEEDED[url_name] not in token.scopes:
        return ScopeMissing()
    note_token_used(token_id=token.pk, now=now)
    return None


def _why_not(request: HttpRequest, url_name: str) -> StudyError | None:
    """Return why a person may not open an address now, None if she may."""
    if ACCESS.get(url_name) == PUBLIC:
        return None
    if not request.user.is_authenticated:
        return SessionRevoked() if request.META.get(REVOKED) else SignedOut()
    if not may_open(request.user.role, url_name):
        return PermissionMissing()
    if request.user.must_change_password and url_name not in BEFORE_OWN_PASSWORD:
        return OwnPasswordNeeded()
    return None


def _revoked_account(request: HttpRequest) -> int | None:
    """Return whose session it was, if it was ended with all others of its account. Reads what looking at `user` clears.

    A session that is merely over holds nothing, and its browser keeps what it has: visits may wait there to be sent.
    """
    held, user_id = request.session.get(HASH_SESSION_KEY), request.session.get(SESSION_KEY)
    if not held or user_id is None or request.user.is_authenticated:
        return None
    epoch, is_whole, _hash = held.partition(":")
    return int(user_id) if is_whole and was_revoked(int(user_id), int(epoch)) else None
