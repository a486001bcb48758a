"""Each box of the trial's flow is a count of the data sets, and of the women who are not in them any more."""

import csv
import io
import random
from collections import Counter

import pytest
from django.utils import timezone

from accounts.actors import SystemActor
from accounts.permissions import Permission
from monitoring.consort import ANALYSED, FATES, stages
from monitoring.queries.consort import trial_cells, trial_groups
from panel.queries import datasets
from panel.services import export_dataset
from panel.tables import find
from participants.models import Consent, Participant
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import AllocatedStation
from surveys.models import SurveyCase

RESEARCHER = SystemActor("test", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))


def rows_of(name) -> list[dict[str, str]]:
    out = io.BytesIO()
    export_dataset(by=RESEARCHER, dataset=find(datasets(reads_arm=True), name), out=out, now=timezone.now())
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def some_leave(rng) -> None:
    """Let some end their consent to surveys, one have her data erased, and one end what does not count here."""
    women = sorted(Participant.objects.values_list("pk", flat=True))
    rng.shuffle(women)
    Consent.objects.filter(participant__in=women[:7], scope="surveys").update(ended_at=timezone.now())
    Participant.objects.filter(pk=women[7]).update(data_erased_at=timezone.now())
    Consent.objects.filter(participant=women[8], scope="visits").update(ended_at=timezone.now())


def arm_of(row) -> str:
    """The arm of a row's station, from both factors of the design."""
    by_factors = {(str(int(arm.training)), str(int(arm.risk_cadence))): arm.code for arm in current_protocol().arms}
    return by_factors[row["training"], row["risk_scale"]]


def those_outside(found) -> list[Participant]:
    """Women who let nothing of theirs be given out, one by one."""
    women = Participant.objects.all()
    outside = [
        woman for woman in women
        if woman.data_erased_at or not woman.consents.filter(scope="surveys", ended_at=None).exists()
    ]  # fmt: skip
    assert len(women) - len(outside) == len(found)
    return outside


class Counts:
    """The flow of a random simulated study, and what the data sets say of the same women."""

    def __init__(self) -> None:
        self.groups, self.waves = trial_groups(reads_arm=True), range(len(current_protocol().waves))
        cells = trial_cells(today=timezone.localdate())
        found = stages(self.groups, cells, waves=len(self.waves), hides_small=False)
        self.flow = {stage.name: stage for stage in found}
        self.people, self.panel, self.stations = (rows_of(name) for name in ("participants", "panel_wave", "stations"))
        self.arms = {row["woman"]: arm_of(row) for row in self.people}
        drawn = {one.station_id: one for one in AllocatedStation.objects.filter(allocation__status="locked")}
        outside = those_outside(self.people)
        self.arm_outside = {woman.pk: drawn[woman.enrolled_station_id].arm for woman in outside}
        self.letter_outside = {woman.pk: drawn[woman.enrolled_station_id].blinded_letter for woman in outside}

    def box(self, stage, place, lines) -> dict[str, int]:
        return {line: self.flow[stage].row(line)[place] for line in lines}


@pytest.fixture(params=[3, 17])
def counts(committed_study, request) -> Counts:
    settings = WorldSettings(
        seed=request.param, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=8
    )
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    some_leave(random.Random(request.param))
    return Counts()


@pytest.mark.requirement("F49", "N14", "F43")
def test_every_box_is_a_count_of_the_data_sets(counts):
    assert len(counts.arm_outside) == 8
    enrolled_reconcile(counts)
    waves_reconcile(counts)
    analysis_reconciles(counts)
    data_sets_agree(counts)


def enrolled_reconcile(counts) -> None:
    """Women enrolled of each arm, and how many stations the arm has."""
    enrolled = Counter(counts.arms.values()) + Counter(counts.arm_outside.values())
    for place, group in enumerate(counts.groups):
        assert counts.flow["reports"].row("enrolled")[place] == enrolled[group.key]
        of_arm = [row for row in counts.stations if arm_of(row) == group.key]
        assert len(of_arm) == len(group.stations)
        assert sum(int(row["women"]) for row in of_arm) == Counter(counts.arms.values())[group.key]


def waves_reconcile(counts) -> None:
    """What became of each survey, and of how many stations somebody goes on."""
    fates = Counter(
        (int(row["wave"]), counts.arms[row["woman"]], fate_of(row["survey_status"])) for row in counts.panel
    )
    letters = {
        (int(row["wave"]), counts.arms[row["woman"]], row["station"])
        for row in counts.panel if row["survey_status"] == "done"
    }  # fmt: skip
    for case in SurveyCase.objects.filter(participant__in=counts.arm_outside):
        arm = counts.arm_outside[case.participant_id]
        fates[case.wave_number, arm, fate_of(case.status)] += 1
        if case.status == "done":
            letters.add((case.wave_number, arm, counts.letter_outside[case.participant_id]))
    for number in counts.waves:
        for place, group in enumerate(counts.groups):
            stage = f"wave_{number}"
            assert counts.box(stage, place, FATES) == {line: fates[number, group.key, line] for line in FATES}
            assert counts.flow[stage].clusters[place] == sum(key[:2] == (number, group.key) for key in letters)


def analysis_reconciles(counts) -> None:
    """Analysed: in the data with a survey after the first."""
    followed = {
        row["woman"] for row in counts.panel if int(row["wave"]) and row["survey_status"] in ("done", "partial")
    }
    lines = Counter(
        (arm, "analysed" if woman in followed else "without_follow_up") for woman, arm in counts.arms.items()
    ) + Counter((arm, "not_given_out") for arm in counts.arm_outside.values())
    reached = {(counts.arms[row["woman"]], row["station"]) for row in counts.people if row["woman"] in followed}
    for place, group in enumerate(counts.groups):
        assert counts.box("analysis", place, ANALYSED) == {line: lines[group.key, line] for line in ANALYSED}
        assert counts.flow["analysis"].clusters[place] == sum(arm == group.key for arm, _letter in reached)


def data_sets_agree(counts) -> None:
    """Both data sets say the same of each woman, and of who left, as her own row does."""
    answered = Counter(row["woman"] for row in counts.panel if row["has_survey"] == "1")
    assert {row["woman"]: int(row["surveys_done"]) for row in counts.people} == {
        woman: answered[woman] for woman in counts.arms
    }
    said = Participant.objects.exclude(pk__in=counts.arm_outside).values_list("status", flat=True)
    assert Counter(row["status"] for row in counts.people) == Counter(said)


def fate_of(status) -> str:
    """What became of a survey in the words of the flow, from those of the panel or of the survey itself."""
    found = {"cancelled": "left"}.get(status, status)
    return found if found in FATES else "waiting"
