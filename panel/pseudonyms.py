"""The code by which the study's data call a woman."""

import hashlib
import hmac


def pseudonym(study_code: str, key: bytes) -> str:
    """Return "W" and sixteen hexadecimal digits of a study code's keyed hash (HMAC-SHA256), as the data sets do."""
    return "W" + hmac.new(key, study_code.encode(), hashlib.sha256).hexdigest()[:16].upper()
