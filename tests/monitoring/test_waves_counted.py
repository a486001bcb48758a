"""The waves on a random simulated study: every cell of page and file is what plain loops over the surveys find."""

import csv
import io
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Role
from monitoring.presenters import STATE_LABELS
from panel.small_cells import shown_table
from protocol.queries import current_protocol
from simulation.loader import load_study
from simulation.world import WorldSettings
from surveys.models import SurveyCase
from surveys.queries.tracking import STATES
from tests.factories import UserFactory


@pytest.fixture(params=[6, 13])
def world(committed_study, request) -> None:
    settings = WorldSettings(
        seed=request.param, as_of=timezone.localdate(), clusters=8, participants=96, elapsed_months=7
    )
    load_study(settings, now=timezone.now(), say=lambda _line: None)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    client.cookies["idioma"] = "es"
    return client


def slow_state(case: SurveyCase) -> str:
    if case.status != "due":
        return case.status
    return "coming" if case.window_from > timezone.localdate() else "in_window"


@pytest.mark.requirement("F50", "N15")
def test_every_cell_is_what_a_slow_count_finds(world):
    client = signed_in(Role.ADMINISTRATOR)
    context = client.get(reverse("wave_tracking")).context
    cases = list(SurveyCase.objects.select_related("participant"))
    waves = range(len(current_protocol().waves))

    by_wave = Counter((case.wave_number, slow_state(case)) for case in cases)
    table = shown_table([[by_wave[wave, state] for state in STATES] for wave in waves])
    assert [[*row.cells, row.total] for row in context["waves"]] == table
    assert sum(by_wave.values()) == len(cases) > 0

    asking = {case.participant.interviewer_id for case in cases} - {None}
    whose = [person.pk for person in User.objects.order_by("pk") if person.pk in asking]
    whose += [None] if any(case.participant.interviewer_id is None for case in cases) else []
    by_person = Counter((case.participant.interviewer_id, slow_state(case)) for case in cases)
    hidden = {(len(whose), place) for place, count in enumerate(table[-1][:-1]) if count is None}
    of_waves = [row[STATES.index("missed")] for row in table]
    table = shown_table([[by_person[person, state] for state in STATES] for person in whose], hidden)
    assert [[*row.cells, row.total] for row in context["people"]] == table

    missed = Counter((case.missed_reason, case.wave_number) for case in cases if case.status == "missed")
    reasons = sorted({reason for reason, _wave in missed})
    hidden = {(len(reasons), place) for place, count in enumerate(of_waves) if count is None}
    table = shown_table([[missed[reason, wave] for wave in waves] for reason in reasons], hidden)
    assert [[*row.cells, row.total] for row in context["reasons"]] == table

    header, *lines = csv.reader(io.StringIO(client.get(reverse("wave_tracking_file")).content.decode()))
    with override("es"):
        assert header[1:-1] == [str(STATE_LABELS[state]) for state in STATES]
    shown = shown_table([[by_wave[wave, state] for state in STATES] for wave in waves])
    assert [line[1:] for line in lines] == [["" if cell is None else str(cell) for cell in row] for row in shown]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.STATISTICIAN])
def test_whoever_else_reads_them_reads_the_same_numbers(world, role):
    own, others = (signed_in(one).get(reverse("wave_tracking")) for one in (Role.ADMINISTRATOR, role))
    for name in ("waves", "people", "reasons"):
        assert [row.cells for row in others.context[name]] == [row.cells for row in own.context[name]]
