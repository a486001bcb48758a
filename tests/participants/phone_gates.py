"""What phones collect from her and are given of her, tried with and without her consent."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from participants.consent_scopes import Feature
from phone.services import give_cards
from risk.models import Assessment
from risk.services import sync_sheets
from risk.sheet_content import SentSheet, sheet_content
from tests.factories import NOW, VisitFactory, WeekPlanFactory
from visits.services import register_device


def give_her_card(world: Any) -> bool:
    VisitFactory(plan=WeekPlanFactory(participant=world.woman))
    officer = world.care.officer
    device = register_device(by=officer, device_id=uuid4(), now=NOW)
    given = give_cards(by=officer, device_id=device.pk, participants=[world.woman], now=NOW)
    return not isinstance(given[world.woman.pk], str)


def send_a_sheet(world: Any) -> bool:
    filled = {
        "participant": world.woman.study_code, "filled_at": NOW, "answers": {"1": "no"}, "overrides": {},
        "scale": {"code": "FVR_PAREJA", "version": "2019.1"},
    }  # fmt: skip
    sent = SentSheet(uuid4(), world.woman.study_code, sheet_content(filled))
    sync_sheets(by=world.care.officer, sent=[sent], clock_skew_s=None, now=NOW)
    return Assessment.objects.filter(assessed_at=NOW).exists()


def phone_gates(gate: Callable[..., Any]) -> tuple[Any, ...]:
    """Return a gate for each way in which a phone collects from her or tells of her."""
    return (
        gate(Feature.OPEN_CARD_TO_VISIT, give_her_card, "phone.give_cards"),
        gate(Feature.ASSESS_RISK, send_a_sheet, "risk.sync_sheets"),
    )
