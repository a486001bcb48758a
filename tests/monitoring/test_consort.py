"""The flow of stations and women: each woman once at each stage, as a slow count finds, and no arm to the blinded."""

import csv
import io
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import may_open
from accounts.actors import SystemActor
from accounts.permissions import Permission
from accounts.roles import BLINDED_ROLES, Role
from documents.flow_drawing import Line, Text, draw
from monitoring.consort import ANALYSED, FATES, REPORTED, Cell, Group, Sizes, sizes, stages
from monitoring.queries.consort import enrolled_by_station, listed_women, trial_cells, trial_groups
from panel.pseudonyms import pseudonym
from panel.queries import datasets, stable_pseudonym_key
from panel.services import export_dataset
from participants.models import Consent, IncidentReport, Participant
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import AllocatedStation, StationLoss
from tests.factories import (
    NOW,
    ParticipantFactory,
    ProtocolVersionFactory,
    StationFactory,
    UserFactory,
    lock_allocation,
)

ANSWERED = ("done", "partial")


@pytest.fixture
def world(committed_study):
    settings = WorldSettings(seed=5, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=8)
    load_study(settings, now=timezone.now(), say=lambda _line: None)


def signed_in(role, language="es"):
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = language
    return client


def counted(*, reads_arm):
    groups = trial_groups(reads_arm=reads_arm)
    cells = trial_cells(today=timezone.localdate())
    return groups, cells, stages(groups, cells, waves=len(current_protocol().waves), hides_small=False)


@pytest.mark.requirement("F49", "N14")
def test_every_stage_is_what_a_slow_count_finds(world):
    groups, cells, found = counted(reads_arm=True)
    by_name = {stage.name: stage for stage in found}

    assert [group.key for group in groups] == [arm.code for arm in current_protocol().arms]
    for place, group in enumerate(groups):
        women = list(Participant.objects.filter(enrolled_station__in=group.stations))
        assert by_name["reports"].row("enrolled")[place] == len(women)
        assert by_name["reports"].totals[place] == slow_reports(group)
        for number in range(len(current_protocol().waves)):
            stage = by_name[f"wave_{number}"]
            fates = Counter(slow_fate(woman, number) for woman in women)
            assert {line: stage.row(line)[place] for line in FATES} == {line: fates[line] for line in FATES}
            assert stage.totals[place] == len(women)
        analysed = Counter(slow_analysis(woman) for woman in women)
        assert {line: by_name["analysis"].row(line)[place] for line in ANALYSED} == {
            line: analysed[line] for line in ANALYSED
        }
    assert sum(enrolled_by_station(cells).values()) == Participant.objects.count()


def slow_reports(group):
    """Women by their first report; not one who is known to be enrolled from another report of hers."""
    found = 0
    for report in IncidentReport.objects.filter(first_report=None, station__in=group.stations):
        enrolled_here = report.screenings.filter(superseded_at=None, participant__isnull=False).exists()
        found += report.participant_id is None or enrolled_here
    return found


def slow_fate(woman, number):
    case = woman.survey_cases.get(wave_number=number)
    if case.status in ("done", "partial", "refused", "missed"):
        return case.status
    return "left" if case.status == "cancelled" else "waiting"


def slow_analysis(woman):
    agreed = [
        consent
        for consent in woman.consents.all()
        if consent.scope == Consent.Scope.SURVEYS
        and consent.ended_at is None
        and (consent.lapses_on is None or consent.lapses_on > timezone.localdate())
    ]
    if not agreed or woman.data_erased_at:
        return "not_given_out"
    later = [case for case in woman.survey_cases.all() if case.wave_number and case.status in ANSWERED]
    return "analysed" if later else "without_follow_up"


@pytest.mark.requirement("F49", "N14")
def test_the_flow_reconciles_with_the_panel(world):
    _groups, _cells, found = counted(reads_arm=True)
    out = io.BytesIO()
    researcher = SystemActor("test", frozenset({Permission.EXPORT_PANEL, Permission.READ_ARM}))
    panel = next(one for one in datasets(reads_arm=True) if one.name == "panel_wave")
    export_dataset(by=researcher, dataset=panel, out=out, now=timezone.now())
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))

    given_out = {row["woman"] for row in rows}
    followed = {row["woman"] for row in rows if int(row["wave"]) > 0 and row["survey_status"] in ANSWERED}
    analysis = found[-1]
    assert analysis.row("analysed")[-1] == len(followed)
    assert analysis.row("without_follow_up")[-1] == len(given_out - followed)
    assert analysis.row("not_given_out")[-1] == Participant.objects.count() - len(given_out)
    listed = {
        woman.code
        for group in trial_groups(reads_arm=True)
        for woman in listed_women(group, "analysis", "analysed", today=timezone.localdate(), pseudonymous=True)
    }
    assert listed == followed


@pytest.mark.requirement("F49")
@pytest.mark.timeout(1800)  # some hundred lists
@pytest.mark.parametrize("role", [role for role in Role if may_open(role, "trial_flow_list")])
def test_every_box_opens_the_list_of_as_many_by_arm_and_blinded(world, role):
    client = signed_in(role, "en")
    drawing = client.get(reverse("trial_flow")).context["drawing"]
    opened = [placed.line for box in drawing.boxes for placed in box.placed if placed.line.url]
    keys = {line.url.split("/")[-2] for line in opened}
    arms = {arm.code for arm in current_protocol().arms}
    assert keys <= (set("1234") if role in BLINDED_ROLES else arms)

    assert len(opened) > len(FATES)
    for line in opened:
        assert client.get(line.url).context["page"].paginator.count == line.number, line


def test_who_may_not_know_the_arm_sees_numbered_groups_and_no_small_cell(world):
    client = signed_in(Role.RESEARCHER)
    response = client.get(reverse("trial_flow"))
    page = response.content.decode()

    assert list(response.context["groups"]) == [f"Grupo {number}" for number in range(1, 5)]
    assert not any(arm.label.es in page for arm in current_protocol().arms if arm.code != "control")
    numbers = [count for table in response.context["tables"] for _label, counts in table.rows for count in counts]
    assert None in numbers
    assert not set(numbers) & {1, 2, 3, 4}
    codes = set(Participant.objects.values_list("study_code", flat=True))
    drawing = response.context["drawing"]
    url = next(placed.line.url for box in drawing.boxes for placed in box.placed if placed.line.url)
    listed = client.get(url).content.decode()
    assert not any(code in page + listed for code in codes)
    assert any(pseudonym(code, stable_pseudonym_key()) in listed for code in codes)


def test_a_list_that_is_not_offered_is_not_there(world):
    client = signed_in(Role.RESEARCHER)
    drawing = client.get(reverse("trial_flow")).context["drawing"]
    assert any(placed.line.number is None for box in drawing.boxes for placed in box.placed)
    assert not any(placed.line.number is None and placed.line.url for box in drawing.boxes for placed in box.placed)
    for address in (
        ("reports", "refused", "1"),  # who did not join is listed nowhere
        ("wave_1", "enrolled", "1"),
        ("wave_9", "done", "1"),
        ("wave_1", "done", "training"),  # an arm is no address for who may not know it
        ("wave_1", "missed", "1"),  # too few to show
    ):
        assert client.get(reverse("trial_flow_list", args=address)).status_code == 404, address


def test_the_board_sees_counts_and_no_list(world):
    client = signed_in(Role.ETHICS_BOARD)
    drawing = client.get(reverse("trial_flow")).context["drawing"]
    assert not any(placed.line.url for box in drawing.boxes for placed in box.placed)
    assert client.get(reverse("trial_flow_list", args=["wave_1", "done", "1"])).status_code == 403


def test_paper_and_file_hold_the_same_numbers(world):
    client = signed_in(Role.ADMINISTRATOR, "en")
    tables = client.get(reverse("trial_flow")).context["tables"]
    rows = list(csv.reader(io.StringIO(client.get(reverse("trial_flow_file")).content.decode())))
    expected = [[table.title, label, *map(str, counts)] for table in tables for label, counts in table.rows]
    assert rows[1:] == expected
    assert client.get(reverse("trial_flow_paper")).content.startswith(b"%PDF-")


def test_before_the_draw_the_page_shows_the_stations_alone(db):
    ProtocolVersionFactory()
    StationFactory()
    page = signed_in(Role.ADMINISTRATOR).get(reverse("trial_flow"))
    assert page.context["tables"] == []
    assert "Todavía no se sortearon estaciones" in page.content.decode()


def test_a_lost_station_stays_in_its_group_and_is_said(db):
    ProtocolVersionFactory()
    kept, lost = StationFactory(), StationFactory()
    lock_allocation({kept: "control", lost: "control"})
    drawn = AllocatedStation.objects.get(station=lost)
    StationLoss.objects.create(allocated=drawn, lost_on=timezone.localdate(), reason="closed", recorded_at=NOW)
    (group,) = trial_groups(reads_arm=True)
    assert (set(group.stations), group.lost) == ({kept.pk, lost.pk}, 1)


@pytest.mark.parametrize("women", [1, 3])
def test_the_page_costs_the_same_for_any_number(db, django_assert_num_queries, women):
    ProtocolVersionFactory()
    stations = StationFactory.create_batch(women)
    lock_allocation(dict.fromkeys(stations, "control"))
    for station in stations:
        ParticipantFactory(station=station)
    client = signed_in(Role.ADMINISTRATOR)
    client.get(reverse("trial_flow"))
    with django_assert_num_queries(11):
        client.get(reverse("trial_flow"))


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from([*(("reports", line) for line in REPORTED),
                  *(("wave_0", line) for line in FATES)]), st.integers(0, 40)), max_size=30,
    )
)  # fmt: skip
def test_no_woman_is_counted_twice_or_left_out(rows):
    cells = [Cell(station, stage, line, women) for station, (stage, line), women in rows]
    groups = [Group("1", (1, 2, 3)), Group("2", (4, 5, 6))]
    for stage in stages(groups, cells, waves=1, hides_small=False)[:2]:
        assert stage.totals[-1] == sum(cell.women for cell in cells if cell.stage == stage.name)
        assert stage.totals[-1] == sum(stage.totals[:-1])


@pytest.mark.parametrize(
    ("women", "hides_small", "expected"),
    [
        ({1: 98, 2: 100, 3: 104}, True, Sizes(98, 100, 104)),
        ({1: 98, 2: 3, 3: 104}, True, None),
        ({1: 98, 2: 3, 3: 104}, False, Sizes(3, 98, 104)),
        ({}, False, None),
    ],
)
def test_sizes_of_clusters(women, hides_small, expected):
    assert sizes(Group("1", (1, 2, 3)), women, hides_small=hides_small) == expected


@given(st.integers(0, 6), st.integers(1, 5), st.integers(0, 9))
def test_no_box_lies_over_another(columns, steps, lines):
    text = Text("Título", tuple(Line("línea", number) for number in range(lines)))
    drawing = draw([(text, text), (text, None)], [[text] * steps] * columns)
    boxes = drawing.boxes
    assert all(box.x >= 0 and box.x + box.width <= drawing.width and box.bottom <= drawing.height for box in boxes)
    apart = [
        one.x + one.width <= two.x or two.x + two.width <= one.x or one.bottom <= two.y or two.bottom <= one.y
        for place, one in enumerate(boxes)
        for two in boxes[place + 1 :]
    ]
    assert all(apart)
