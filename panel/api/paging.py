"""How many rows a page has, and where the next one begins: sealed, as a place holds times that leave with nobody.

The same place has the same cursor, so that a page that did not change has the same ETag.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.errors import StudyError

_SALT = "panel.cursor"


class CursorInvalid(StudyError):
    """A cursor is given back as it came, to the list that gave it."""

    code = "cursor_invalid"
    message = _("This cursor is not one that this list gave.")
    field = "cursor"


class LimitInvalid(StudyError):
    """So many rows are no page."""

    code = "limit_invalid"
    field = "limit"


def read_limit(said: Sequence[str], *, usual: int, most: int) -> int:
    """Return how many rows a page is to have, the last that was said. Raise LimitInvalid."""
    text = said[-1] if said else str(usual)
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    if not is_number or not 1 <= int(text) <= most:
        raise LimitInvalid(_("A page has from 1 to %(most)d rows.") % {"most": most})
    return int(text)


def next_page(request: Request, of: str, place: Sequence[Any] | None) -> str | None:
    """Return the address of the page after a place in a list, with all else that was asked for; None after the last."""
    if place is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = sealed_cursor(of, place)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def sealed_cursor(of: str, place: Sequence[Any]) -> str:
    """Return the cursor of a place in a list, for `?cursor=`."""
    sealed = next(_keys()).encrypt(json.dumps(list(place)).encode(), [of.encode()])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def place_of(of: str, cursor: str) -> list[Any]:
    """Return the place that a cursor of that list says. Raise CursorInvalid."""
    try:
        sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==")
    except (UnicodeEncodeError, binascii.Error) as error:
        raise CursorInvalid from error
    for key in _keys():
        try:
            place: list[Any] = json.loads(key.decrypt(sealed, [of.encode()]))
        except (InvalidTag, ValueError):
            continue
        return place
    raise CursorInvalid


def _keys() -> Iterator[AESSIV]:
    """Give the key that seals, then those of the server's secrets before it."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESSIV(salted_hmac(_SALT, "1", secret=secret, algorithm="sha512").digest())
