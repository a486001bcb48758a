"""Which surveys are asked again: a draw that anybody can repeat, one survey by itself."""

import hashlib
from uuid import UUID

_WHOLE = 1 << 64


def is_chosen(seed: int, survey_id: UUID, *, share_pct: int) -> bool:
    """Say whether a survey is drawn, from the protocol's seed and the survey's own id alone.

    So it does not matter how many others there are, nor in which order they came. A larger share draws the same ones
    and more. Nobody knows before a survey is stored: its id is made then.
    """
    digest = hashlib.sha256(f"back-check {seed} {survey_id}".encode()).digest()
    return int.from_bytes(digest[:8]) * 100 < share_pct * _WHOLE
