"""Stations and women of each arm from reports to the analysis, as CONSORT 2025 asks of cluster trials.

What precedes a data file (stations assessed and drawn, women who reported) was frozen with the release; the rest is
counted in the file itself.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from panel.enrolment import Enrolment
from panel.estimators.clustered import Bools
from panel.reports.study import Everyone, Study
from panel.small_cells import SMALLEST_SHOWN, shown_table
from participants.recruitment import Flow as Reports

REPORTED = tuple(part.name for part in fields(Reports))
"""What came of the women who reported."""
FATES = ("answered", "not_answered")
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
    """An arm's stations, and the least, median and most women of one; None where few women would show."""

    name: str
    stations: int
    sizes: tuple[int, float, int] | None


@dataclass(frozen=True, slots=True)
class TrialFlow:
    """The whole: `enrolment` is None of a file that nothing is known before."""

    arms: tuple[Arm, ...]
    stages: tuple[Stage, ...]
    enrolment: Enrolment | None


def trial_flow(study: Study, there: Everyone) -> TrialFlow:
    """Count every woman of a file once at each stage, in the arm that her station has in this analysis."""
    found = _Counted(study, there)
    return TrialFlow(
        tuple(found.arm(code) for code in range(len(there.arms))),
        tuple(found.stages()),
        study.enrolment,
    )


class _Counted:
    def __init__(self, study: Study, there: Everyone) -> None:
        self._there, self._enrolment = there, study.enrolment
        panel = there.panel
        units = int(panel.unit.max()) + 1
        self._station, self._arm = np.zeros(units, dtype=np.int64), np.zeros(units, dtype=np.int64)
        self._station[panel.unit], self._arm[panel.unit] = panel.cluster, there.arm
        self._names = {name: code for code, name in enumerate(panel.cluster_names)}
        self._code = study.station_names

    def arm(self, code: int) -> Arm:
        own = self._arm == code
        women = np.bincount(self._station[own])
        sizes = [int(count) for count in women if count]
        hidden = any(count < SMALLEST_SHOWN for count in sizes)
        said = None if hidden or not sizes else (min(sizes), statistics.median(sizes), max(sizes))
        return Arm(self._there.arms[code], len(sizes), said)

    def stages(self) -> list[Stage]:
        there, seen = self._there, ~np.isnan(self._there.panel.outcome)
        found = [] if self._enrolment is None else [self._reports(self._enrolment)]
        for period, label in enumerate(there.periods):
            now = there.panel.time == period
            found.append(self._stage(label, FATES, self._units(now & seen), self._units(now & ~seen)))
        after = self._units(seen & (there.panel.time != there.base))
        found.append(self._stage("analysis", ANALYSED, after, ~after))
        return found

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
        """Sum what came of reports by arm; stations without a woman in the file belong to none."""
        arm_of = {int(code): int(arm) for code, arm in zip(self._station, self._arm, strict=True)}
        flows: dict[int, Reports] = dict.fromkeys(range(len(self._there.arms)), Reports())
        stations: Mapping[int, list[int]] = {arm: [] for arm in flows}
        for letter, flow in enrolment.reports.items():
            place = self._names.get(self._code.get(letter, letter))
            if place in arm_of:
                flows[arm_of[place]] += flow
                stations[arm_of[place]].append(flow.enrolled)
        rows = [[getattr(flow, line) for flow in flows.values()] for line in REPORTED]
        return Stage("reports", REPORTED, _shown(rows), tuple(sum(n > 0 for n in own) for own in stations.values()))


def _shown(rows: Sequence[Sequence[int]]) -> Counts:
    return tuple(tuple(row) for row in shown_table([list(row) for row in rows]))
