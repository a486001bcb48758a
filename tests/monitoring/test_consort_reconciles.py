"""Each box of the trial's flow is a count of the data sets, and of the women who are not in them any more."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable

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
# What the panel says of a survey, in the words of the flow.
FATE = {"cancelled": "left", "open": "waiting", "not_due": "waiting"}
ANSWERED = ("done", "partial")


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


def counted(keys: Iterable[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    return Counter(keys)


@pytest.mark.requirement("F49", "N14", "F43")
@pytest.mark.parametrize("seed", [3, 17])
def test_every_box_is_a_count_of_the_data_sets(committed_study, seed):
    settings = WorldSettings(seed=seed, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=8)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    some_leave(random.Random(seed))
    groups, waves = trial_groups(reads_arm=True), len(current_protocol().waves)
    flow = {found.name: found for found in
            stages(groups, trial_cells(today=timezone.localdate()), waves=waves, hides_small=False)}  # fmt: skip
    people, panel = rows_of("participants"), rows_of("panel_wave")
    arms, outside = {row["woman"]: arm_of(row) for row in people}, those_outside(people)
    drawn = {one.station_id: one for one in AllocatedStation.objects.filter(allocation__status="locked")}
    arm_outside = {woman.pk: drawn[woman.enrolled_station_id].arm for woman in outside}
    assert len(outside) == 8

    # enrolled, of each arm, and how many stations each arm has
    enrolled = counted((arms[row["woman"]],) for row in people) + counted((arm,) for arm in arm_outside.values())
    stations = rows_of("stations")
    for place, group in enumerate(groups):
        assert flow["reports"].row("enrolled")[place] == enrolled[group.key,]
        of_arm = [row for row in stations if arm_of(row) == group.key]
        assert len(of_arm) == len(group.stations)
        assert sum(int(row["women"]) for row in of_arm) == sum(arms[row["woman"]] == group.key for row in people)

    # each wave: what became of its survey, and the stations that go on
    fates = counted((int(row["wave"]), arms[row["woman"]], fate_of(row)) for row in panel)
    letters = {
        (int(row["wave"]), arms[row["woman"]], row["station"]) for row in panel if row["survey_status"] == "done"
    }
    for case in SurveyCase.objects.filter(participant__in=arm_outside).select_related("participant"):
        arm, fate = arm_outside[case.participant_id], FATE.get(case.status, case.status)
        fates[case.wave_number, arm, fate if fate in FATES else "waiting"] += 1
        if case.status == "done":
            letters.add((case.wave_number, arm, drawn[case.participant.enrolled_station_id].blinded_letter))
    for number in range(waves):
        stage = flow[f"wave_{number}"]
        for place, group in enumerate(groups):
            assert {line: stage.row(line)[place] for line in FATES} == {
                line: fates[number, group.key, line] for line in FATES
            }
            assert stage.clusters[place] == sum(key[:2] == (number, group.key) for key in letters)

    # analysed: in the data with a survey after the first
    followed = {row["woman"] for row in panel if int(row["wave"]) and row["survey_status"] in ANSWERED}
    analysed = counted(
        (arms[row["woman"]], "analysed" if row["woman"] in followed else "without_follow_up") for row in people
    ) + counted((arm, "not_given_out") for arm in arm_outside.values())
    with_analysed = {(arms[row["woman"]], row["station"]) for row in people if row["woman"] in followed}
    for place, group in enumerate(groups):
        assert {line: flow["analysis"].row(line)[place] for line in ANALYSED} == {
            line: analysed[group.key, line] for line in ANALYSED
        }
        assert flow["analysis"].clusters[place] == sum(arm == group.key for arm, _letter in with_analysed)

    # and both data sets say the same of each woman
    answered = counted((row["woman"],) for row in panel if row["has_survey"] == "1")
    assert {row["woman"]: int(row["surveys_done"]) for row in people} == {
        row["woman"]: answered[row["woman"],] for row in people
    }
    said = Participant.objects.exclude(pk__in=arm_outside).values_list("status", flat=True)
    assert Counter(row["status"] for row in people) == Counter(said)


def fate_of(row) -> str:
    return FATE.get(row["survey_status"], row["survey_status"])
