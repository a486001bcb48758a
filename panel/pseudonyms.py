"""The code by which the study's data call a woman, for pages that name her to researchers."""

import hashlib
import hmac

from django.utils.crypto import salted_hmac


def stable_pseudonym(study_code: str) -> str:
    """Return the code that the data sets give to a woman: "W" and sixteen hexadecimal digits of a keyed hash."""
    key = salted_hmac("panel.pseudonym", "1", algorithm="sha256").digest()
    return "W" + hmac.new(key, study_code.encode(), hashlib.sha256).hexdigest()[:16].upper()
