"""The request of a page that the access table opens to people who signed in; where one comes from, by which name."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.spraying import network_of


class SignedInRequest(HttpRequest):
    """A request after AccessTableMiddleware let it pass: somebody is signed in."""

    user: User


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from, as the outermost of the study's own proxies saw it.

    Each proxy adds to X-Forwarded-For whom it was asked by; what stands before is anybody's own word. Without proxies
    in the settings, or where the header is not what they write, it is whoever is connected.
    """
    connected: str = request.META.get("REMOTE_ADDR", "")
    return _seen_by_proxy(request) or connected


def network_seen(request: HttpRequest) -> str:
    """Return what is counted together with the address that a request comes from; "" where no proxy of ours says it.

    Whoever is connected may be a proxy then: all of the study would be held up for what one does.
    """
    return network_of(_seen_by_proxy(request))


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the name that somebody tries to sign in with, as accounts have it: in other letters it is the same."""
    said = request.POST if credentials is None else credentials
    return str(said.get("username") or "").strip().lower()


def _seen_by_proxy(request: HttpRequest) -> str:
    seen = [said.strip() for said in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(seen):
        with suppress(ValueError):
            return str(ip_address(seen[-settings.PROXIES]))
    return ""
