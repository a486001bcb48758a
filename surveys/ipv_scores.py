"""The trial's outcomes from one survey's answers: four forms of violence, and the response of the police.

Acts follow the structure and the coding of the domestic-violence module of the DHS, phase 8: ever or not, and if ever,
how often in the reference period. A missing answer is never read as "no".
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

ACTS = {"psychological": 3, "physical": 7, "sexual": 3, "injury": 3}
"""Acts asked about in each domain; their item codes are `physical_1` … `physical_7`."""

RESPONSE_ITEMS = 12
RESPONSE_MINIMUM = 9
"""Three quarters of the items make a mean."""

Scores = dict[str, float | int | None]


class ActCode(IntEnum):
    """One act, in the DHS's coding. UNTOLD: it happened, but not how often in the period."""

    NEVER = 0
    OFTEN = 1
    SOMETIMES = 2
    NOT_IN_PERIOD = 3
    UNTOLD = 4


_PERIOD_CODES = {"often": ActCode.OFTEN, "sometimes": ActCode.SOMETIMES, "not": ActCode.NOT_IN_PERIOD}
_IN_PERIOD = frozenset({ActCode.OFTEN, ActCode.SOMETIMES})
_POINTS = {ActCode.OFTEN: 2, ActCode.SOMETIMES: 1, ActCode.NOT_IN_PERIOD: 0, ActCode.NEVER: 0}


def act_items(domain: str) -> tuple[str, ...]:
    """Return the item codes of a domain's acts."""
    return tuple(f"{domain}_{number}" for number in range(1, ACTS[domain] + 1))


def response_items() -> tuple[str, ...]:
    """Return the item codes of the police-response scale."""
    return tuple(f"response_{number}" for number in range(1, RESPONSE_ITEMS + 1))


def act_code(answers: Mapping[str, str], item: str) -> ActCode | None:
    """Read one act's code from its two answers, `<item>_ever` and `<item>_period`; None where she did not say."""
    match answers.get(f"{item}_ever"):
        case "no":
            return ActCode.NEVER
        case "yes":
            return _PERIOD_CODES.get(answers.get(f"{item}_period", ""), ActCode.UNTOLD)
        case _:
            return None


def act_answers(item: str, code: ActCode) -> dict[str, str]:
    """Write one act's code as the answers that `act_code` reads."""
    if code == ActCode.NEVER:
        return {f"{item}_ever": "no"}
    period = {value: key for key, value in _PERIOD_CODES.items()}.get(code, "refused")
    return {f"{item}_ever": "yes", f"{item}_period": period}


def prevalence(codes: Iterable[ActCode | None]) -> int | None:
    """Return 1 if any act happened in the period, 0 if every act is known not to have, otherwise None."""
    known = list(codes)
    if any(code in _IN_PERIOD for code in known):
        return 1
    return None if any(code in (None, ActCode.UNTOLD) for code in known) else 0


def ever(codes: Iterable[ActCode | None]) -> int | None:
    """Return 1 if any act ever happened, 0 if every one is known not to have, otherwise None."""
    known = list(codes)
    if any(code is not None and code != ActCode.NEVER for code in known):
        return 1
    return None if None in known else 0


def score(codes: Iterable[ActCode | None]) -> int | None:
    """Return the sum over acts of 2 (often), 1 (sometimes) or 0: from 0 to twice the acts; None if any is unknown."""
    points = [None if code is None else _POINTS.get(code) for code in codes]
    return None if None in points else sum(point for point in points if point is not None)


def response_mean(values: Sequence[int | None]) -> float | None:
    """Return the mean of the five-point items (1–5) that were answered; None if fewer than nine of twelve were."""
    told = [value for value in values if value is not None]
    return sum(told) / len(told) if len(told) >= RESPONSE_MINIMUM else None


def score_answers(answers: Mapping[str, str]) -> Scores:
    """Return every outcome of a survey: `<domain>`, `<domain>_ever`, `<domain>_score`, and `police_response`.

    Injuries are asked only after a physical or sexual act; where every one of these is "no", there were none.
    """
    codes = {domain: [act_code(answers, item) for item in act_items(domain)] for domain in ACTS}
    if ever(codes["physical"] + codes["sexual"]) == 0:
        codes["injury"] = [ActCode.NEVER] * ACTS["injury"]
    scores: Scores = {}
    for domain, found in codes.items():
        scores |= {domain: prevalence(found), f"{domain}_ever": ever(found), f"{domain}_score": score(found)}
    points = [answers.get(item, "") for item in response_items()]
    scores["police_response"] = response_mean([int(point) if point.isdigit() else None for point in points])
    return scores
