"""Default deny: the access table is enforced before any view runs."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.access import ACCESS, PUBLIC, may_open
from accounts.errors import StudyError, refusal
from accounts.permissions import PermissionMissing
from accounts.queries import was_revoked
from accounts.revocation import keeps_storage

CLEARED = '"cache", "cookies", "storage"'
CLEARED_BUT_STORAGE = '"cache", "cookies"'
# Where a request tells the views that its session was revoked.
REVOKED = "agenda.session_revoked"
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
        error = _why_not(request, url_name)
        if error is None:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(refusal(error), status=error.http_status)
        if isinstance(error, OwnPasswordNeeded):
            return redirect("password_change")
        if isinstance(error, SignedOut | SessionRevoked):
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied


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
