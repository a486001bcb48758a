"""Stations and women of each arm from reports to the analysis, as CONSORT 2025 asks of cluster trials.

What precedes a data file (stations assessed and drawn, women who reported) was frozen with the release; the rest is
counted in the file itself.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from panel.columns import MISSING
from panel.enrolment import Enrolment
from panel.estimators.candidates import CandidateSet
from panel.estimators.clustered import Bools
from panel.reports.study import Everyone, Study
from panel.small_cells import SMALLEST_SHOWN, shown_table
from participants.recruitment import Flow as Reports

REPORTED = tuple(part.name for part in fields(Reports))
"""What came of the women who reported."""
ANSWERED, NOT_ANSWERED, WHY = "answered", "not_answered", "why_"
REASONS = tuple(f"{WHY}{code}" for code in MISSING)
"""Why a woman did not answer, where the file says it; the others are not answered."""
ANALYSED = ("analysed", "without_follow_up")
"""Whether a woman answered after the base period."""

Counts = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: women of each line by arm, the last column and the last line totals; None is not shown.

    `stations` says, by arm, how many stations have a woman in the line that goes on.
    """

    name: str
    lines: tuple[str, ...]
    table: Counts
    stations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm's stations, and the least, median and most women of one; None where few women would show.

    `empty` of them have no woman in the file: the allocation says that they are of this arm.
    """

    name: str
    stations: int
    sizes: tuple[int, float, int] | None
    empty: int = 0


@dataclass(frozen=True, slots=True)
class TrialFlow:
    """The whole: `enrolment` is None of a file that nothing is known before.

    `armless` drawn stations have no woman in the file, and nothing says what they were given.
    """

    arms: tuple[Arm, ...]
    stages: tuple[Stage, ...]
    enrolment: Enrolment | None
    armless: int = 0


def trial_flow(study: Study, there: Everyone) -> TrialFlow:
    """Count every woman of a file once at each stage, in the arm that her station has in this analysis."""
    found = _Counted(study, there)
    return TrialFlow(
        tuple(found.arm(code) for code in range(len(there.arms))),
        tuple(found.stages()),
        study.enrolment,
        found.armless,
    )


class _Counted:
    def __init__(self, study: Study, there: Everyone) -> None:
        self._there, self._enrolment = there, study.enrolment
        panel = there.panel
        units = int(panel.unit.max()) + 1
        self._station, self._arm = np.zeros(units, dtype=np.int64), np.zeros(units, dtype=np.int64)
        self._station[panel.unit], self._arm[panel.unit] = panel.cluster, there.arm
        self._code = study.station_names
        arm_of = dict(zip(self._station.tolist(), self._arm.tolist(), strict=True))
        self._seen = {name: arm_of[code] for code, name in enumerate(panel.cluster_names) if code in arm_of}
        self._arm_of = self._arms_of_stations(study.candidates)

    def _arms_of_stations(self, candidates: CandidateSet | None) -> dict[str, int | None]:
        """Return the arm of each station that is known of: as in the file, or else as the allocation says, or None."""
        letters = () if self._enrolment is None else self._enrolment.reports
        found: dict[str, int | None] = {self._code.get(letter, letter): None for letter in letters}
        if candidates is not None:
            drawn = dict(zip(candidates.stations, candidates.actual.tolist(), strict=True))
            called = {drawn[name]: arm for name, arm in self._seen.items() if name in drawn}
            found |= {name: called.get(arm) for name, arm in drawn.items()}
        return found | self._seen

    @property
    def armless(self) -> int:
        """Return how many stations have no woman in the file and no arm that is known."""
        return sum(arm is None for arm in self._arm_of.values())

    def arm(self, code: int) -> Arm:
        own = self._arm == code
        women = np.bincount(self._station[own])
        sizes = [int(count) for count in women if count]
        hidden = any(count < SMALLEST_SHOWN for count in sizes)
        said = None if hidden or not sizes else (min(sizes), statistics.median(sizes), max(sizes))
        stations = {name for name, arm in self._arm_of.items() if arm == code}
        return Arm(self._there.arms[code], len(stations), said, len(stations - set(self._seen)))

    def stages(self) -> list[Stage]:
        there, seen = self._there, ~np.isnan(self._there.panel.outcome)
        found = [] if self._enrolment is None else [self._reports(self._enrolment)]
        why = np.array([f"{WHY}{code}" for code in there.why])
        said = {line: ~seen & (why == line) for line in REASONS if (~seen & (why == line)).any()}
        found += [
            self._wave(label, there.panel.time == period, seen, said) for period, label in enumerate(there.periods)
        ]
        after = self._units(seen & (there.panel.time != there.base))
        found.append(self._stage("analysis", ANALYSED, after, ~after))
        return found

    def _wave(self, name: str, now: Bools, seen: Bools, said: Mapping[str, Bools]) -> Stage:
        """Count a wave's women by what became of them, reasons apart as far as that hides no number who answered.

        A few women of one reason in an arm can be hidden only together with another number of the arm.
        """
        many = {line: rows for line, rows in said.items() if not self._has_few(now & rows)}
        stages = []
        for apart in (said, many, {}):
            other = ~seen & ~np.any([*apart.values(), np.zeros_like(seen)], axis=0)
            fates = {ANSWERED: seen, **apart, **({NOT_ANSWERED: other} if other.any() or not apart else {})}
            stages.append(self._stage(name, tuple(fates), *(self._units(now & rows) for rows in fates.values())))
        least = stages[-1].table[0].count(None)
        return next(stage for stage in stages if stage.table[0].count(None) <= least)

    def _has_few(self, rows: Bools) -> bool:
        counts = np.bincount(self._arm[self._units(rows)], minlength=len(self._there.arms))
        return bool(((counts > 0) & (counts < SMALLEST_SHOWN)).any())

    def _units(self, rows: Bools) -> Bools:
        found = np.zeros(len(self._station), dtype=bool)
        found[self._there.panel.unit[rows]] = True
        return found

    def _stage(self, name: str, lines: tuple[str, ...], *women: Bools) -> Stage:
        arms = range(len(self._there.arms))
        rows = [[int((own & (self._arm == arm)).sum()) for arm in arms] for own in women]
        stations = tuple(len(np.unique(self._station[women[0] & (self._arm == arm)])) for arm in arms)
        return Stage(name, lines, _shown(rows), stations)

    def _reports(self, enrolment: Enrolment) -> Stage:
        """Sum what came of reports by arm; stations of no known arm belong to none."""
        flows: dict[int, Reports] = dict.fromkeys(range(len(self._there.arms)), Reports())
        stations: Mapping[int, list[int]] = {arm: [] for arm in flows}
        for letter, flow in enrolment.reports.items():
            arm = self._arm_of[self._code.get(letter, letter)]
            if arm is not None:
                flows[arm] += flow
                stations[arm].append(flow.enrolled)
        rows = [[getattr(flow, line) for flow in flows.values()] for line in REPORTED]
        return Stage("reports", REPORTED, _shown(rows), tuple(sum(n > 0 for n in own) for own in stations.values()))


def _shown(rows: Sequence[Sequence[int]]) -> Counts:
    return tuple(tuple(row) for row in shown_table([list(row) for row in rows]))
