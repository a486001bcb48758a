"""The trial's outcomes from one survey's answers: four forms of violence, and the response of the police.

Acts follow the structure and the coding of the domestic-violence module of the DHS, phase 8: ever or not, and if ever,
how often in the reference period. A missing answer is never read as "no".
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

ACTS = {"psychological": 3, "physical": 7, "sexual": 3, "injury": 3}
"""Acts asked about in each domain; their item codes are `physical_1` … `physical_7`."""

SEVERE: dict[str, frozenset[int]] = {
    "psychological": frozenset({2}),
    "physical": frozenset({5, 6, 7}),
    "sexual": frozenset({1, 2}),
    "injury": frozenset({2, 3}),
}
"""The severe acts of each domain, by number.

Physical as the DHS has it (d107: kicked or beaten, choked or burnt, weapon). The others are ours, as the DHS names
none: a threat to harm, sexual acts by force, injuries beyond cuts, bruises and aches.
"""

COMBINATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "physical_or_sexual": ("any", ("physical", "sexual")),
    "physical_and_sexual": ("all", ("physical", "sexual")),
    "any_form": ("any", ("psychological", "physical", "sexual")),
    "all_forms": ("all", ("psychological", "physical", "sexual")),
}
"""The DHS's combinations of domains; injuries are in none."""

RESPONSE_ITEMS = 12
RESPONSE_MINIMUM = 9
"""Three quarters of the items make a mean."""
_FIVE_POINTS = frozenset("12345")

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


def severity(domain: str, codes: Sequence[ActCode | None]) -> int | None:
    """Return 2 if a severe act (`SEVERE`) happened in the period, 1 if only others did, 0 if none; None if not known.

    An act of which it is not known whether it happened leaves the severity open, unless a severe one is known.
    """
    severe = [code for number, code in enumerate(codes, start=1) if number in SEVERE[domain]]
    worst, rest = prevalence(severe), prevalence(codes)
    if worst == 1:
        return 2
    return None if worst is None else rest


def chronicity(codes: Sequence[ActCode | None]) -> int | None:
    """Return the frequency (`score`) among those with any act in the period; None for all others, never 0."""
    return score(codes) if prevalence(codes) == 1 else None


def combined(rule: str, values: Sequence[int | None]) -> int | None:
    """Return whether any or all of several yes-or-no outcomes hold; what is not known leaves it open if it decides."""
    deciding = 1 if rule == "any" else 0
    if deciding in values:
        return deciding
    return None if None in values else 1 - deciding


def response_points(answer: str) -> int | None:
    """Read one item's points, 1 to 5; None for anything else, whatever a device sent."""
    return int(answer) if answer in _FIVE_POINTS else None


def response_mean(values: Sequence[int | None]) -> float | None:
    """Return the mean of the five-point items (1–5) that were answered; None if fewer than nine of twelve were."""
    told = [value for value in values if value is not None]
    return sum(told) / len(told) if len(told) >= RESPONSE_MINIMUM else None


def score_answers(answers: Mapping[str, str]) -> Scores:
    """Return every outcome of a survey, by name.

    `<domain>` and `<combination>` (in the period), each with `_ever`; of a domain `_score` (the frequency), `_severity`
    and `_chronicity`; and `police_response`.

    Injuries are asked only after a physical or sexual act; where every one of these is "no", there were none.
    """
    codes = {domain: [act_code(answers, item) for item in act_items(domain)] for domain in ACTS}
    if ever(codes["physical"] + codes["sexual"]) == 0:
        codes["injury"] = [ActCode.NEVER] * ACTS["injury"]
    scores: Scores = {}
    for domain, found in codes.items():
        scores |= {
            domain: prevalence(found),
            f"{domain}_ever": ever(found),
            f"{domain}_score": score(found),
            f"{domain}_severity": severity(domain, found),
            f"{domain}_chronicity": chronicity(found),
        }
    for name, (rule, domains) in COMBINATIONS.items():
        scores[name] = combined(rule, [prevalence(codes[domain]) for domain in domains])
        scores[f"{name}_ever"] = combined(rule, [ever(codes[domain]) for domain in domains])
    scores["police_response"] = response_mean([response_points(answers.get(item, "")) for item in response_items()])
    return scores
