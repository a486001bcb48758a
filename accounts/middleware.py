"""Default deny: the access table is enforced before any view runs."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.access import ACCESS, PUBLIC, may_open


class AccessTableMiddleware:
    """Refuse every address that the table does not open to this person's role; keep pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
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
        return None
