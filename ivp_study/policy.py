"""The content policy of the settings, written once; a page that changes it gets one of its own."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class KeptPolicyMiddleware(CSPMiddleware):
    """Gives the policy as it stands in the settings to whatever neither changes it nor used a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_changed = hasattr(request, "_csp_nonce") or any(name.startswith("_csp_") for name in vars(response))
        if is_changed or settings.DEBUG:
            changed: HttpResponseBase = super().process_response(request, response)
            return changed
        response.headers.setdefault(HEADER, _policy())
        # As the package does: a nonce that is asked for after the policy went out would be in no policy.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response


@cache
def _policy() -> str:
    policy: str = build_policy()
    return policy
