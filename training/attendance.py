"""What the roster says of an officer and a module: whether she came, how late, why not, and her knowledge test."""

from dataclasses import dataclass

LONGEST_DELAY_MINUTES = 600
BEST_SCORE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the roster for one module; scores run from 0 to 100, None where the test was not taken.

    `absence` is the code of a reason, "" if none was given or she came.
    """

    came: bool
    minutes_late: int = 0
    absence: str = ""
    score_before: int | None = None
    score_after: int | None = None

    def counts(self, *, late_minutes_allowed: int) -> bool:
        """Say whether she attended the module: she came, and not later than the protocol allows."""
        return self.came and self.minutes_late <= late_minutes_allowed

    def changes_from(self, before: "Entry") -> dict[str, tuple[object, object]]:
        """Return field → (old, new) for each field that differs."""
        pairs = {name: (getattr(before, name), getattr(self, name)) for name in self.__slots__}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def takes_back(changes: dict[str, tuple[object, object]]) -> bool:
    """Say whether something that was written down is said otherwise: filling in what was left open is no correction."""
    return any(old not in (None, "") for old, _new in changes.values())


def is_consistent(entry: Entry) -> bool:
    """Say whether the line agrees with itself: who did not come has no delay and no score, who came has no absence."""
    if entry.came:
        return not entry.absence and 0 <= entry.minutes_late <= LONGEST_DELAY_MINUTES and _scores_in_range(entry)
    return not entry.minutes_late and entry.score_before is None and entry.score_after is None


def _scores_in_range(entry: Entry) -> bool:
    return all(score is None or 0 <= score <= BEST_SCORE for score in (entry.score_before, entry.score_after))
