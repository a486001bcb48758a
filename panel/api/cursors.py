"""Where the next page begins, sealed: a place in a list holds times and numbers that leave the study with nobody.

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

from accounts.errors import StudyError

_SALT = "panel.cursor"


class CursorInvalid(StudyError):
    """A cursor is given back as it came, to the list that gave it."""

    code = "cursor_invalid"
    message = _("This cursor is not one that this list gave.")
    field = "cursor"


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
