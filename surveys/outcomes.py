"""What a survey's answers make of its case, and which of them are her answers at all."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from surveys.cts2_scores import ITEMS, score_cts2
from surveys.ipv_scores import Scores, score_answers

CHILD_IN_DANGER = "child_danger"
"""What the interviewer says for the safety officer: no answer of the woman's, and never kept as one."""

CaseOutcome = Literal["not_private", "refused", "partial", "done"]


def case_outcome(answers: Mapping[str, Any]) -> CaseOutcome:
    """Return what becomes of a case: nothing is asked without privacy, nor without her agreement of that day.

    Where privacy was lost midway (`still_private_1` …) the rest waits.
    """
    if answers.get("privacy") == "no":
        return "not_private"
    if answers.get("agreement") == "no":
        return "refused"
    lost = any(name.startswith("still_private") and answer == "no" for name, answer in answers.items())
    return "partial" if lost else "done"


def kept_answers(answers: Mapping[str, Any], *, without: Collection[str]) -> dict[str, Any]:
    """Return the answers that are kept as study data: those of some names left out, within repeats, too."""
    return {
        name: [kept_answers(one, without=without) for one in answer] if isinstance(answer, list) else answer
        for name, answer in answers.items()
        if name not in without and name != CHILD_IN_DANGER
    }


def survey_scores(answers: Mapping[str, Any]) -> Scores:
    """Return every outcome of a survey: `score_answers`, and the CTS2's where its items (`cts2_physical_1` …) stand.

    Each scale gives `cts2_<scale>_` and frequency, annual, ever, chronicity.
    """
    scores = score_answers({name: answer for name, answer in answers.items() if isinstance(answer, str)})
    for scale, items in ITEMS.items():
        given = [_cts2_code(answers.get(f"cts2_{scale}_{number}")) for number in range(1, items + 1)]
        if any(f"cts2_{scale}_{number}" in answers for number in range(1, items + 1)):
            score = score_cts2(given)
            scores |= {
                f"cts2_{scale}_{what}": getattr(score, what) for what in ("frequency", "annual", "ever", "chronicity")
            }
    return scores


def _cts2_code(answer: object) -> int | None:
    return int(answer) if isinstance(answer, str) and answer in set("01234567") else None
