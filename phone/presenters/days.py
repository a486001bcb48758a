"""What a phone is told: its days as data, whole and without anything that it does not need."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from participants.identity import Identity
from participants.models import Participant
from risk.models import Scale
from risk.queries import asked_rules
from visits.log_content import canonical_json
from visits.log_fields import as_data
from visits.models import SealingKey, Visit
from visits.parcels import to_text

# As CARDS_LAST_MS of static/js/offline/merge.js.
CARDS_LAST = timedelta(hours=24)
_TIMES = ("now", "expires_at")


def visit_data(visit: Visit) -> dict[str, Any]:
    """Return a visit by study code, with the level held and how its log stands; never an arm.

    Takes one of `queries.visits_of_days`.
    """
    held = getattr(visit.participant, "current_risk", None)
    return {
        "id": str(visit.pk),
        "participant": visit.participant.study_code,
        "planned_on": visit.planned_on.isoformat(),
        "window_from": f"{visit.window_from:%H:%M}",
        "window_until": f"{visit.window_until:%H:%M}",
        "status": visit.status,
        "is_mine": visit.is_mine,  # type: ignore[attr-defined]
        "is_colleagues": bool(visit.officer_ids) and not visit.is_mine,  # type: ignore[attr-defined]
        "level": held.level if held else "",
        "log_state": _log_state(visit),
    }


def card_data(woman: Participant, card: Identity | str) -> dict[str, Any]:
    """Return a woman's card for the phone, or that it stays closed and the code of why."""
    if isinstance(card, str):
        return {"card": None, "why": card}
    plan = woman.safe_contact
    return {
        "card": {
            "safe_weekdays": list(plan.safe_weekdays),
            "safe_from": f"{plan.safe_from:%H:%M}",
            "safe_until": f"{plan.safe_until:%H:%M}",
            "channel": plan.channel,
            "who_may_be_home": card.who_may_be_home,
            "code_word": card.code_word,
            "if_someone_else_answers": card.if_someone_else_answers,
            "do_not_approach_if": card.do_not_approach_if,
            "name": card.full_name,
            "address": card.address,
            "address_hint": card.address_hint,
            "telephone": card.telephone,
        },
        "why": "",
    }


def scale_data(scale: Scale | None, today: date) -> dict[str, Any] | None:
    """Return the scale in force as its file says, in a licence holder's words while the licence lasts."""
    return None if scale is None else asked_rules(scale, today).model_dump(mode="json")


def days_data(
    *,
    visits: Iterable[Visit],
    cards: Mapping[str, dict[str, Any]],
    scale: dict[str, Any] | None,
    key: SealingKey,
    plan_made_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the whole of what a phone holds for its days."""
    return {
        "now": now.isoformat(),
        "plan_made_at": plan_made_at.isoformat() if plan_made_at else None,
        "expires_at": (now + CARDS_LAST).isoformat(),
        "language": get_language(),
        "visits": [visit_data(visit) for visit in visits],
        "cards": dict(cards),
        "declaration": as_data(),
        "scale": scale,
        "sealing_key": {"id": key.pk, "key": to_text(bytes(key.public_point))},
    }


def entity_tag(days: Mapping[str, Any]) -> str:
    """Return a keyed hash of all but the hours, in quotes: it tells nobody what a card says."""
    said = canonical_json({name: value for name, value in days.items() if name not in _TIMES})
    return f'"{salted_hmac("phone.days", said, algorithm="sha256").hexdigest()}"'


def _log_state(visit: Visit) -> str:
    if visit.is_in_conflict:  # type: ignore[attr-defined]
        return "in_conflict"
    return "logged" if hasattr(visit, "log") else ""
