"""What a page needs that shows a questionnaire by ODK Web Forms."""

from collections.abc import Callable

from csp.constants import NONCE
from csp.decorators import csp_update
from django.http import HttpResponseBase

# The nonce lets the import map in, and the styles that the library writes; its reader of expressions is WebAssembly
# that comes as a data: address, and so are its icons' font and pictures. A picture that a questionnaire names is shown
# out of the page's own memory. See docs/adr.
POLICY = {
    "script-src": [NONCE, "'wasm-unsafe-eval'"],
    "style-src": [NONCE],
    "connect-src": ["data:"],
    "font-src": ["data:"],
    "img-src": ["blob:"],
}


def with_web_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Widen the content policy of one page by what the library needs."""
    return csp_update(POLICY)(view)
