"""The log of a visit, declared once: what is asked, when, with which choices, and what must be answered.

The page's form, the services, the interface for programs and the phone read this; the phone gets it as data.
Values are as a phone writes them: text, yes or no for a flag, a list of codes; a moment as "2026-11-18T15:00:00.000Z",
a day as "2026-11-18", an hour as "09:30"; blank is "", false or an empty list.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Value: TypeAlias = str | bool | list[str]
# A field's name and the answers to it that let another be asked; all must hold.
Conditions: TypeAlias = Mapping[str, tuple[str, ...]]

# Raise it when a rule changes in a way that an older phone would break.
VERSION = 1


class Outcome(TextChoices):
    MET = "met", _("I met her")
    NOBODY_HOME = "nobody_home", _("Nobody at home")
    MOVED = "moved", _("She has moved")
    REFUSED = "refused", _("She did not want the visit")
    UNSAFE = "unsafe", _("It was not safe")
    ABORTED = "aborted", _("I had to break off")


class Answer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Reason(TextChoices):
    """Why the visit did not go as planned: codes, because what an officer would write could name somebody."""

    TOLD_THERE = "told_there", _("Somebody there told us")
    EMPTY_HOME = "empty_home", _("The home is empty")
    NO_TIME = "no_time", _("She had no time")
    NOT_WANTED = "not_wanted", _("She wants no visits")
    AFRAID = "afraid", _("She was afraid of being seen with us")
    NOT_SAID = "not_said", _("She did not say why")
    HE_WAS_THERE = "he_was_there", _("He was there")
    WEAPON = "weapon", _("There was a weapon")
    THREATENED = "threatened", _("We were threatened")
    SURROUNDINGS = "surroundings", _("The street was not safe")
    NOT_PRIVATE = "not_private", _("We were not alone")
    HE_ARRIVED = "he_arrived", _("He arrived")
    SHE_ASKED = "she_asked", _("She asked us to stop")
    CALLED_AWAY = "called_away", _("I was called away")
    OTHER = "other", _("Another reason, in the note")


class Present(TextChoices):
    ALONE = "alone", _("Nobody else")
    HE = "he", _("He")
    CHILDREN = "children", _("Children")
    RELATIVES = "relatives", _("Relatives of hers")
    NEIGHBOURS = "neighbours", _("Neighbours")
    OTHERS = "others", _("Other people")


class IncidentType(TextChoices):
    APPROACH = "approach", _("He came near her or followed her")
    WORDS = "words", _("Insults or threats")
    FORCE = "force", _("Blows or force")
    INTIMATE = "intimate", _("Something against her will in intimacy")
    THINGS = "things", _("Damage to her things or money")
    OTHER = "other", _("Something else, in the note")


class NextContact(TextChoices):
    AGREED = "agreed", _("Agreed with her")
    NONE = "none", _("None for now")


REASONS = {
    Outcome.MOVED: (Reason.TOLD_THERE, Reason.EMPTY_HOME, Reason.OTHER),
    Outcome.REFUSED: (Reason.NO_TIME, Reason.NOT_WANTED, Reason.AFRAID, Reason.NOT_SAID, Reason.OTHER),
    Outcome.UNSAFE: (Reason.HE_WAS_THERE, Reason.WEAPON, Reason.THREATENED, Reason.SURROUNDINGS, Reason.OTHER),
    Outcome.ABORTED: (Reason.NOT_PRIVATE, Reason.HE_ARRIVED, Reason.SHE_ASKED, Reason.CALLED_AWAY, Reason.OTHER),
}


class Kind(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    MOMENT = "moment"
    DAY = "day"
    HOUR = "hour"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen; `needs` names a field that must then be filled too."""

    value: str
    label: str | Promise
    asked_if: Conditions = field(default_factory=dict)
    needs: str = ""
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class LogField:
    """One thing that a log holds. `required` counts while it is asked.

    `days_from` and `days_until` bound a day, counted from the visit's; `near` are those that the phone offers to one
    tap, none of them chosen. `after` names the hour that must come before.
    """

    name: str
    kind: Kind
    label: str | Promise
    choices: tuple[Choice, ...] = ()
    asked_if: Conditions = field(default_factory=dict)
    required: bool = False
    longest: int = 0
    days_from: int = 0
    days_until: int = 0
    near: tuple[int, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a log: the field, and the code of what it lacks."""

    field: str
    code: str


PROBLEMS: dict[str, str | Promise] = {
    "required": _("This is still needed."),
    "not_asked": _("This does not go with the other answers: take it out."),
    "unknown": _("This is not one of the choices."),
    "stands_alone": _("“Nobody else” stands alone: take the others out."),
    "too_long": _("This is too long."),
    "unreadable": _("This cannot be read: write it as the field shows."),
    "day_out_of_range": _("This day does not fit the day of the visit."),
    "not_after": _("The end must come after the beginning."),
}


def _of(choices: type[TextChoices], *, note_for: str = "", alone: str = "") -> tuple[Choice, ...]:
    return tuple(
        Choice(value, label, needs="note" if value == note_for else "", stands_alone=value == alone)
        for value, label in choices.choices
    )


# She was spoken to; and, further, nobody who should not hear was there.
_SPOKE: Conditions = {"outcome": (Outcome.MET, Outcome.REFUSED, Outcome.ABORTED)}
_IN_PRIVATE: Conditions = {**_SPOKE, "in_private": (Answer.YES, Answer.UNKNOWN, "")}
_INCIDENT: Conditions = {**_IN_PRIVATE, "new_incident": (Answer.YES,)}
_AGREED: Conditions = {**_SPOKE, "next_contact": (NextContact.AGREED,)}

LOG_FIELDS: tuple[LogField, ...] = (
    LogField("outcome", Kind.CHOICE, _("What happened"), _of(Outcome), required=True),
    LogField(
        "reason",
        Kind.CHOICE,
        _("Why?"),
        tuple(
            Choice(reason, reason.label, {"outcome": (outcome,)}, needs="note" if reason == Reason.OTHER else "")
            for outcome, reasons in REASONS.items()
            for reason in reasons
        ),
        asked_if={"outcome": tuple(REASONS)},
        required=True,
    ),
    LogField("occurred_at", Kind.MOMENT, _("When"), required=True),
    LogField("safety_concern", Kind.FLAG, _("I am worried about her safety")),
    LogField("in_private", Kind.CHOICE, _("Could you talk in private?"), _of(Answer), asked_if=_SPOKE),
    LogField(
        "present",
        Kind.CHOICES,
        _("Who else was there?"),
        _of(Present, alone=Present.ALONE),
        asked_if={"outcome": (*_SPOKE["outcome"], Outcome.UNSAFE)},
    ),
    LogField(
        "new_incident",
        Kind.CHOICE,
        _("Did something happen since the last visit?"),
        _of(Answer),
        asked_if=_IN_PRIVATE,
    ),
    LogField(
        "incident_type",
        Kind.CHOICE,
        _("What was it, above all?"),
        _of(IncidentType, note_for=IncidentType.OTHER),
        asked_if=_INCIDENT,
        required=True,
    ),
    LogField(
        "incident_on",
        Kind.DAY,
        _("Which day was it?"),
        asked_if=_INCIDENT,
        days_from=-366,
        near=(0, -1, -2, -3, -4, -5, -6),
    ),
    LogField("incident_injury", Kind.CHOICE, _("Was she hurt?"), _of(Answer), asked_if=_INCIDENT, required=True),
    LogField("incident_weapon", Kind.CHOICE, _("Was there a weapon?"), _of(Answer), asked_if=_INCIDENT, required=True),
    LogField(
        "measures_obeyed",
        Kind.CHOICE,
        _("Are the protection measures being obeyed?"),
        _of(Answer),
        asked_if=_IN_PRIVATE,
    ),
    LogField("child_in_danger", Kind.FLAG, _("She told of danger to a child"), asked_if=_SPOKE),
    LogField("referral_offered", Kind.FLAG, _("I told her where she can get help"), asked_if=_SPOKE),
    LogField("next_contact", Kind.CHOICE, _("Next contact"), _of(NextContact), asked_if=_SPOKE),
    LogField(
        "next_contact_on",
        Kind.DAY,
        _("On which day?"),
        asked_if=_AGREED,
        required=True,
        days_until=92,
        near=(1, 2, 3, 4, 5, 6, 7),
    ),
    LogField("next_contact_from", Kind.HOUR, _("From"), asked_if=_AGREED),
    LogField("next_contact_until", Kind.HOUR, _("Until"), asked_if=_AGREED, after="next_contact_from"),
    LogField("note", Kind.TEXT, _("Note (kept sealed)"), longest=2000),
)
FIELDS = {log_field.name: log_field for log_field in LOG_FIELDS}
# By the name of a field, the choices elsewhere that ask for it.
_NEEDING = {
    name: [(other, choice) for other in LOG_FIELDS for choice in other.choices if choice.needs == name]
    for name in FIELDS
}

_SHAPES = {
    Kind.MOMENT: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"),
    Kind.DAY: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    Kind.HOUR: re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]"),
}


def problems(content: Mapping[str, Value], visit_day: str) -> list[Problem]:
    """Return what is wrong with a log, in the order in which its fields are asked; none for a good one.

    `visit_day` is the day of the visit in the study's time zone, "" while it is not known.
    """
    return [Problem(log_field.name, code) for log_field in LOG_FIELDS for code in _codes(log_field, content, visit_day)]


def holds(conditions: Conditions, content: Mapping[str, Value]) -> bool:
    """Say whether what was answered meets the conditions."""
    return all(content.get(name, "") in answers for name, answers in conditions.items())


def as_data() -> dict[str, object]:
    """Return the declaration for the phone, in the language in force: JSON values only."""
    return {
        "version": VERSION,
        "fields": [_field_data(log_field) for log_field in LOG_FIELDS],
        "problems": {code: str(text) for code, text in PROBLEMS.items()},
    }


def _codes(log_field: LogField, content: Mapping[str, Value], visit_day: str) -> Iterator[str]:
    value = content.get(log_field.name, "")
    is_asked = holds(log_field.asked_if, content)
    if not value:
        if is_asked and (log_field.required or _is_needed(log_field.name, content)):
            yield "required"
    elif not is_asked:
        yield "not_asked"
    elif (code := _wrong(log_field, value, content, visit_day)) is not None:
        yield code


def _is_needed(name: str, content: Mapping[str, Value]) -> bool:
    """Say whether a choice elsewhere asks for this field."""
    return any(
        content.get(other.name, "") == choice.value and holds(other.asked_if, content)
        for other, choice in _NEEDING.get(name, ())
    )


def _wrong(log_field: LogField, value: Value, content: Mapping[str, Value], visit_day: str) -> str | None:
    """Return the code of what is wrong with a value that was asked for; None if it is right."""
    match log_field.kind, value:
        case Kind.FLAG, True:
            return None
        case Kind.CHOICES, list():
            return _wrong_choices(log_field, value)
        case Kind.CHOICE, str():
            return None if value in _offered(log_field, content) else "unknown"
        case Kind.TEXT, str():
            return "too_long" if len(value) > log_field.longest else None
        case ((Kind.DAY | Kind.HOUR | Kind.MOMENT), str()) if _SHAPES[log_field.kind].fullmatch(value):
            return _wrong_time(log_field, value, content, visit_day)
    return "unreadable"


def _wrong_choices(log_field: LogField, codes: list[str]) -> str | None:
    offered = {choice.value: choice for choice in log_field.choices}
    if len(set(codes)) != len(codes) or not offered.keys() >= set(codes):
        return "unknown"
    return "stands_alone" if len(codes) > 1 and any(offered[code].stands_alone for code in codes) else None


def _offered(log_field: LogField, content: Mapping[str, Value]) -> list[str]:
    return [choice.value for choice in log_field.choices if holds(choice.asked_if, content)]


def _wrong_time(log_field: LogField, value: str, content: Mapping[str, Value], visit_day: str) -> str | None:
    if log_field.kind == Kind.DAY:
        return _wrong_day(log_field, value, visit_day)
    return "not_after" if log_field.after and value <= str(content.get(log_field.after, "")) else None


def _wrong_day(log_field: LogField, value: str, visit_day: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "unreadable"
    if not visit_day:
        return None
    days = (day - date.fromisoformat(visit_day)).days
    return None if log_field.days_from <= days <= log_field.days_until else "day_out_of_range"


def _field_data(log_field: LogField) -> dict[str, object]:
    return {
        "name": log_field.name,
        "kind": str(log_field.kind),
        "label": str(log_field.label),
        "choices": [
            {
                "value": str(choice.value),
                "label": str(choice.label),
                "asked_if": _conditions_data(choice.asked_if),
                "needs": choice.needs,
                "stands_alone": choice.stands_alone,
            }
            for choice in log_field.choices
        ],
        "asked_if": _conditions_data(log_field.asked_if),
        "required": log_field.required,
        "longest": log_field.longest,
        "days_from": log_field.days_from,
        "days_until": log_field.days_until,
        "near": list(log_field.near),
        "after": log_field.after,
    }


def _conditions_data(conditions: Conditions) -> dict[str, list[str]]:
    return {name: [str(answer) for answer in answers] for name, answers in conditions.items()}
