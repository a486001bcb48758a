"""A release as its page tells of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from panel.anonymity import worst_traits
from panel.columns import Label
from panel.data_locks import locks_text
from panel.models import Release, ReleaseCheck
from panel.release_states import ReleaseState
from panel.small_cells import SMALLEST_SHOWN
from protocol.queries import current_protocol

# The data set that a report is made of.
PANEL = "panel_wave"
CHECKS_SHOWN = 5
_DAYS = ("until", "locked_on")
KINDS = {
    ReleaseState.QUEUED: "info",
    ReleaseState.BUILDING: "info",
    ReleaseState.WAITING: "warn",
    ReleaseState.READY: "good",
    ReleaseState.REFUSED: "bad",
    ReleaseState.FAILED: "bad",
    ReleaseState.EXPIRED: "neutral",
    ReleaseState.DESTROYED: "neutral",
}


def kind_of(release: Release) -> str:
    """Return how a state looks."""
    return KINDS[ReleaseState(release.state)]


def locks_of(release: Release, language: str) -> str:
    """Return under which locks its data stand; "" where it was not read yet."""
    if not release.revision:
        return ""
    waves = {wave.code: Label(wave.label.es, wave.label.en).in_language(language) for wave in current_protocol().waves}
    with override(language):
        return locks_text([_as_read(lock, waves) for lock in release.locks], language)


def _as_read(lock: Mapping[str, Any], waves: Mapping[str, str]) -> dict[str, Any]:
    """Return a lock with its days as people write them and its wave by name; files keep codes and ISO days."""
    days = {name: date_format(date.fromisoformat(lock[name]), "SHORT_DATE_FORMAT") for name in _DAYS if lock.get(name)}
    return {**lock, **days, "wave": waves.get(lock["wave"], lock["wave"])}


def kind_of_check(check: ReleaseCheck) -> str:
    """Return how the state of a check looks."""
    if check.is_pending:
        return "info"
    return "good" if check.state == ReleaseCheck.State.SAME else "bad"


def checks_of(release: Release) -> dict[str, Any]:
    """Return the last checks of a release with how each looks, and whether another may be asked for."""
    checks = list(release.checks.select_related("asked_by").order_by("-pk")[:CHECKS_SHOWN])
    may_check = release.state == ReleaseState.READY and not any(check.is_pending for check in checks)
    return {"checks": [(check, kind_of_check(check)) for check in checks], "may_check": may_check}


def hidden_if_small(count: int) -> int | None:
    """Return a number of women, None for one to four."""
    return None if 0 < count < SMALLEST_SHOWN else count


def report_of(release: Release) -> dict[str, Any] | None:
    """Return what the release would give away, the columns that do most first; None before it is known."""
    report = release.report
    if not report.get("women"):
        return None
    return {
        "women": hidden_if_small(report["women"]),
        "k": report["k"],
        "women_small": hidden_if_small(report["women_small"]),
        "fewest_answers": report["fewest_answers"],
        "traits": [
            {
                "column": trait["column"],
                "values": trait["values"],
                "k_without": trait["k_without"],
                "women_small_without": hidden_if_small(trait["women_small_without"]),
            }
            for trait in worst_traits(report)
        ],
        "alike": [found["column"] for found in report["sensitive"] if found["groups_alike"]],
    }
