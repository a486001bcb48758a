"""Back-checks as their pages show them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from back_checks.comparing import TOOK_PLACE, Kind, Verdict, interval, verdict
from back_checks.models import BackCheck
from back_checks.queries import Compared, Progress
from participants.queries import masked_names
from protocol.watching import BackChecks
from surveys.xforms.wording import in_language

KINDS: dict[Kind, str | Promise] = {
    Kind.STABLE: _("Hardly ever changes, easy to ask"),
    Kind.HARDER: _("Hardly ever changes, harder to ask"),
    Kind.MAY_CHANGE: _("May have changed"),
}
VERDICTS: dict[Verdict, tuple[str | Promise, str]] = {
    Verdict.WITHIN: (_("Within what is allowed"), "good"),
    Verdict.TOO_FEW: (_("Too few to say"), "neutral"),
    Verdict.BEYOND: (_("More than is allowed"), "warn"),
}


@dataclass(frozen=True, slots=True)
class AskRow:
    """A woman to be asked again, as the second interviewer's list shows her."""

    back_check: BackCheck
    masked_name: str
    tries: int


@dataclass(frozen=True, slots=True)
class RateRow:
    """A share of answers that differ, with its interval, what is allowed and what that says."""

    name: str
    kind: str
    compared: int
    differ: int
    pct: int
    span: str
    allowed_pct: int
    verdict: str
    status: str


def ask_rows(back_checks: Collection[BackCheck], tries: dict[object, int]) -> list[AskRow]:
    """Return the list with masked names."""
    names = masked_names(check.participant for check in back_checks)
    return [AskRow(check, names[check.participant_id], tries.get(check.pk, 0)) for check in back_checks]


def rate_rows(compared: Iterable[Compared], rules: BackChecks, labels: Mapping[str, str]) -> list[RateRow]:
    """Return the shares in words; `labels` names what a question's code stands for."""
    return [_rate(one, labels.get(one.name, one.name), rules.allowed_pct[str(one.kind)]) for one in compared]


def question_labels(contents: Iterable[dict[str, Any]], rules: BackChecks) -> dict[str, str]:
    """Return what each question of the protocol says in the reader's language, in the newest questionnaire's words."""
    language, names = get_language() or "es", {one.name for one in rules.questions}
    labels = {TOOK_PLACE: gettext("Whether somebody of ours talked with her")}
    for content in contents:
        for question in content["questions"]:
            if question["name"] in names:
                labels.setdefault(question["name"], in_language(question["label"], language))
    return labels


def finding(progress: Progress, by_question: Sequence[Compared]) -> str:
    """Say in one sentence what the answers asked again say of facts that hardly ever change."""
    facts = [one for one in by_question if one.kind < Kind.MAY_CHANGE]
    compared, differ = sum(one.compared for one in facts), sum(one.differ for one in facts)
    if not compared:
        return gettext("Nothing could be compared yet")
    low, high = interval(differ, compared)
    return gettext(
        "Of %(compared)s facts of %(done)s surveys asked again, %(pct)s %% differ (between %(low)s and %(high)s %%)"
    ) % {
        "compared": compared,
        "done": progress.done,
        "pct": round(100 * differ / compared),
        "low": round(low),
        "high": round(high),
    }


def reasons_in_words(reasons: dict[str, int]) -> list[tuple[str, int]]:
    """Return why what was missed was missed, with how often, the most frequent first."""
    words: dict[str, Any] = {**dict(BackCheck.MissedReason.choices), "": _("Nobody has said why yet")}
    found = [(str(words[reason]), number) for reason, number in reasons.items()]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _rate(one: Compared, name: str, allowed: int) -> RateRow:
    low, high = interval(one.differ, one.compared)
    said, status = VERDICTS[verdict(one.differ, one.compared, allowed_pct=allowed)]
    return RateRow(
        name=name,
        kind=str(KINDS[Kind(one.kind)]),
        compared=one.compared,
        differ=one.differ,
        pct=round(100 * one.differ / one.compared),
        span=f"{low:.0f}–{high:.0f}",
        allowed_pct=allowed,
        verdict=str(said),
        status=status,
    )
