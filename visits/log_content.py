"""What a log says, in one written form: the same on the phone and here, so that both reckon the same hash of it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from visits.log_fields import Value

Content: TypeAlias = dict[str, Value]
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class VisitAnswers:
    """What an officer saw, apart from the outcome; blank where it was not asked. Named as `log_fields` declares."""

    reason: str = ""
    safety_concern: bool = False
    in_private: str = ""
    present: tuple[str, ...] = ()
    new_incident: str = ""
    incident_type: str = ""
    incident_on: date | None = None
    incident_injury: str = ""
    incident_weapon: str = ""
    measures_obeyed: str = ""
    child_in_danger: bool = False
    referral_offered: bool = False
    next_contact: str = ""
    next_contact_on: date | None = None
    next_contact_from: time | None = None
    next_contact_until: time | None = None


def content_of(*, outcome: str, occurred_at: datetime, answers: VisitAnswers, note: str) -> Content:
    """Return a log as a phone writes it, without what is blank: a rule added later changes no older log's hash."""
    written = {
        "outcome": str(outcome),
        "occurred_at": _moment(occurred_at),
        "note": tidy(note),
        **{name: _written(getattr(answers, name)) for name in VisitAnswers.__dataclass_fields__},
    }
    return {name: value for name, value in written.items() if value}


def answers_of(content: Mapping[str, Any]) -> VisitAnswers:
    """Return the answers that `content_of` wrote."""
    read: dict[str, Callable[[Any], Any]] = {
        "present": tuple,
        "incident_on": date.fromisoformat,
        "next_contact_on": date.fromisoformat,
        "next_contact_from": time.fromisoformat,
        "next_contact_until": time.fromisoformat,
    }
    names = VisitAnswers.__dataclass_fields__.keys() & content.keys()
    answers: dict[str, Any] = {name: read[name](content[name]) if name in read else content[name] for name in names}
    return VisitAnswers(**answers)


def moment_of(content: Mapping[str, Any]) -> datetime:
    """Return when the visit took place, in UTC, as `content_of` wrote it."""
    return datetime.fromisoformat(content["occurred_at"])


def tidy(text: str) -> str:
    """Return a text without blanks at its ends, with lines that end in one sign."""
    return text.replace("\r\n", "\n").strip(_SPACE)


def canonical_json(content: Mapping[str, Value]) -> str:
    """Return the one way in which a log is written: sorted names, no blanks between, every sign as itself."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_sha256(visit_id: str, content: Mapping[str, Value]) -> str:
    """Return the hash of a log of a visit, in hexadecimal, that the phone reckons too and finds in its receipt."""
    return hashlib.sha256(canonical_json({**content, "visit": visit_id}).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(value: object) -> Value:
    match value:
        case bool():
            return value
        case tuple():
            return sorted({str(code) for code in value})
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case _:
            return str(value or "")
