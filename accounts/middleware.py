"""Default deny: the access table is enforced before any view runs."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from accounts.access import ACCESS, PUBLIC, may_open
from accounts.queries import was_revoked

CLEARED = '"cache", "cookies", "storage"'
# What somebody may open who signed in with a password that another person gave her.
BEFORE_OWN_PASSWORD = frozenset({"password_change", "sign_out", "set_language", "sign_in"})


class AccessTableMiddleware:
    """Refuse every address that the table does not open to this person's role; keep pages out of caches.

    The first request of a session that was revoked is told to clear all that the browser keeps of this site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        revoked = _is_of_revoked_session(request)
        response = self.get_response(request)
        if revoked:
            response.headers["Clear-Site-Data"] = CLEARED
        # A public answer of the API leaves no user behind where nobody signed in.
        if getattr(request.user, "is_authenticated", False):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        url_name = request.resolver_match.view_name if request.resolver_match else ""
        if ACCESS.get(url_name) == PUBLIC:
            return None
        if not request.user.is_authenticated:
            if request.path.startswith("/api/"):
                raise PermissionDenied
            return redirect_to_login(request.get_full_path())
        if not may_open(request.user.role, url_name):
            raise PermissionDenied
        if request.user.must_change_password and url_name not in BEFORE_OWN_PASSWORD:
            if request.path.startswith("/api/"):
                raise PermissionDenied
            return redirect("password_change")
        return None


def _is_of_revoked_session(request: HttpRequest) -> bool:
    """Say whether the request's session was ended with all others of its account. Reads what looking at `user` clears.

    A session that is merely over holds nothing, and its browser keeps what it has: visits may wait there to be sent.
    """
    held, user_id = request.session.get(HASH_SESSION_KEY), request.session.get(SESSION_KEY)
    if not held or user_id is None or request.user.is_authenticated:
        return False
    epoch, is_whole, _hash = held.partition(":")
    return bool(is_whole) and was_revoked(int(user_id), int(epoch))
