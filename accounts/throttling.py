"""How much a program may ask in a minute."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.middleware import SHOWN_KEY

_WINDOW = timedelta(minutes=1)


class TokenThrottle(BaseThrottle):
    """Count the calls of each key by the clock's minute, in one step, so that many at once are all counted."""

    wait_s: float = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        token = request.META.get(SHOWN_KEY)
        if token is None:
            return True
        minute, into_it_s = divmod(timezone.now().timestamp(), _WINDOW.total_seconds())
        key = f"token:{token.token_hmac[:32]}:{minute:.0f}"
        cache.add(key, 0, timeout=2 * _WINDOW.total_seconds())
        self.wait_s = _WINDOW.total_seconds() - into_it_s
        return bool(cache.incr(key) <= settings.TOKEN_CALLS_A_MINUTE)

    def wait(self) -> float:
        """Return how many seconds are left of the minute: what Retry-After says."""
        return self.wait_s
