"""The pages that watch the trial, all of them: who may open which, and no small cell on any that is read blinded."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from accounts.access import may_open
from accounts.context_processors import NAVIGATION
from accounts.models import User
from accounts.roles import BLINDED_ROLES, Role
from monitoring.services import count_dose
from monitoring.tasks import COUNTER
from panel.small_cells import SMALLEST_SHOWN
from participants.models import Participant
from simulation.loader import load_study
from simulation.world import WorldSettings
from tests.factories import ProtocolVersionFactory, UserFactory

PAGES = tuple(name for section in NAVIGATION if "trial_flow" in dict(section.pages) for name, _label in section.pages)
FILES = ("wave_tracking_file", "wave_attrition_file", "visit_dose_file", "ledger_file", "trial_flow_file",
         "trial_flow_paper", "board_page_paper", "checkpoint_list", "checkpoint_key")  # fmt: skip
HIDDEN = re.compile(r"·|menos de 5|–|< 5")


@dataclass(frozen=True)
class Counts:
    """Which cells of a page count women, visits or surveys: all but those of these columns and of these tables."""

    columns: str = ""
    tables: str = ""


# Per cents may be small; what was not to be hidden from the board says why in its room.
SMALL_CELLS: dict[str, Counts] = {
    # Adverse events are read one by one, and nobody is known by an act of access.
    "board_page": Counts(tables="Eventos adversos|Acceso"),
    # Visits are shares whatever their number: which is hidden would tell the arm (ADR 9).
    "study_overview": Counts(columns="por ciento", tables="Funciona"),
    "trial_flow": Counts(),
    "recruitment": Counts(columns="por ciento|ritmo"),
    "wave_tracking": Counts(),
    "wave_attrition": Counts(columns="Grupo|Todas|Diferencia"),
    "visit_dose": Counts(columns="por ciento"),
    "ledger": Counts(),
}


@pytest.mark.django_db
@pytest.mark.requirement("F34")
@pytest.mark.parametrize(("role", "name"), list(product(Role, (*PAGES, *FILES))))
def test_each_page_opens_to_whom_the_table_names_and_to_nobody_else(role, name):
    ProtocolVersionFactory()
    client = Client()
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(name)).status_code == (200 if may_open(role, name) else 403)


def read_blinded() -> dict[str, list[Role]]:
    """Return the watching pages with the blinded roles that may open them."""
    readers = {name: [role for role in Role if role in BLINDED_ROLES and may_open(role, name)] for name in PAGES}
    # Of herself, or of her own station.
    own = {"quality_list", "person_rates", "back_check_rates"}
    return {name: roles for name, roles in readers.items() if roles and name not in own}


@pytest.fixture
def few_women(committed_study) -> None:
    """A study in which most cells are small, and some are not."""
    settings = WorldSettings(seed=31, as_of=timezone.localdate(), clusters=8, participants=56, elapsed_months=5)
    load_study(settings, now=timezone.now(), say=lambda _line: None)
    late = Participant.objects.order_by("pk").values_list("pk", flat=True)[:6]
    Participant.objects.filter(pk__in=list(late)).update(enrolled_on=timezone.localdate() - timedelta(days=1))
    count_dose(by=COUNTER, now=timezone.now())


def cells_of(page: str, rule: Counts) -> list[tuple[str, str, str]]:
    """Return the table, the column and the text of each cell that counts."""
    found = []
    for table in html.fromstring(page).iter("table"):
        label = table.getparent().get("aria-label") or ""
        if rule.tables and re.search(rule.tables, label):
            continue
        columns = [" ".join(head.text_content().split()) for head in table.iter("th") if head.get("scope") == "col"]
        for row in table.xpath("./tbody/tr"):
            for column, cell in zip(columns, row.xpath("./th|./td"), strict=False):
                if cell.tag == "td" and not (rule.columns and re.search(rule.columns, column)):
                    found.append((label, column, " ".join(cell.text_content().split())))
    return found


@pytest.mark.requirement("N25")
@pytest.mark.timeout(1800)  # every page of every blinded role
def test_no_page_that_is_read_blinded_shows_a_small_cell(few_women):
    readers = read_blinded()
    assert set(readers) == set(SMALL_CELLS)
    small: list[tuple[str, str, str, str]] = []
    hidden: set[str] = set()
    for name, roles in readers.items():
        for role in roles:
            client = Client()
            client.force_login(User.objects.filter(role=role).order_by("pk")[0])
            client.cookies["idioma"] = "es"
            cells = cells_of(client.get(reverse(name)).content.decode(), SMALL_CELLS[name])
            assert cells, name
            small += [(name, *cell) for cell in cells if cell[2].isdigit() and 0 < int(cell[2]) < SMALLEST_SHOWN]
            hidden |= {name for *_at, text in cells if HIDDEN.search(text)}
    assert small == []
    assert len(hidden) > len(SMALL_CELLS) / 2
