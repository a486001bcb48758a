"""Pages stay behind the PIN where a browser is somebody's phone: a locked phone opens none by its address."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import ACCESS, PUBLIC
from accounts.models import User
from accounts.permissions import Permission
from accounts.views import ON_PHONE_COOKIE
from phone.user_refs import user_refs

# Set by the application while it is open: static/js/phone/pages_open.js.
OPEN_COOKIE = "abierto"
OPEN_FOR_S = 300
_IS_OPEN = "agenda.phone_is_open"


class BehindThePinMiddleware:
    """Lead to the phone's door whoever opens a page on her own phone, unless its PIN was given a moment ago.

    The application names its user in a cookie and says in another that it is open; each page that opens says so again.
    A form that is sent is taken all the same: what she wrote is not lost. What the phone itself asks is not meant.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.META.get(_IS_OPEN) and request.user.is_authenticated:
            response.set_cookie(OPEN_COOKIE, "1", max_age=OPEN_FOR_S, samesite="Lax")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user, url_name = request.user, request.resolver_match.view_name if request.resolver_match else ""
        is_page = ACCESS.get(url_name) != PUBLIC and not request.path.startswith("/api/")
        if not is_page or not isinstance(user, User) or user.must_change_password or not _is_phone_of(request, user):
            return None
        if request.method == "POST" or OPEN_COOKIE in request.COOKIES:
            request.META[_IS_OPEN] = True
            return None
        door = "notebook_shell" if user.has(Permission.COLLECT_SURVEYS) else "phone_shell"
        return HttpResponseClientRedirect(reverse(door)) if "HX-Request" in request.headers else redirect(door)


def _is_phone_of(request: HttpRequest, user: User) -> bool:
    said = request.COOKIES.get(ON_PHONE_COOKIE, "")
    return said in user_refs(user.pk, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
