"""What an interviewer's phone is told: her surveys of the week as data, without anything that it does not need."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from participants.models import ContactOverride
from participants.safe_contact import Contact
from phone.presenters.days import CARDS_LAST
from protocol.queries import current_protocol
from surveys.decoy import decoy_rows
from surveys.interviewing import Wish
from surveys.models import CallAttempt, Instrument, SurveyCase, SurveyDebrief
from surveys.presenters import form_words
from surveys.queries.sittings import Earlier
from visits.models import SealingKey
from visits.parcels import to_text

Choices = list[list[str]]


def notebook_data(
    *,
    cases: Collection[SurveyCase],
    tried: Mapping[object, Sequence[CallAttempt]],
    instruments: Mapping[object, Instrument],
    earlier: Mapping[object, Sequence[Earlier]],
    cards: Mapping[str, dict[str, Any]],
    key: SealingKey,
    now: datetime,
) -> dict[str, Any]:
    """Return the whole of what a phone holds for its interviewer, in the language in force; never an arm."""
    waves = {wave.code: wave for wave in current_protocol().waves}
    language = get_language() or "es"
    forms = {str(instrument): instrument.xform_here for instrument in instruments.values()}
    files = {str(instrument): _files(instrument) for instrument in instruments.values()}
    return {
        "now": now.isoformat(),
        "expires_at": (now + CARDS_LAST).isoformat(),
        "language": language,
        "cases": [
            {
                **_case_data(case, tried[case.pk]),
                "wave": waves[case.wave].label.in_language(language),
                "form": str(instruments[case.pk]) if case.pk in instruments else "",
                "prefill": {"reference_period": waves[case.wave].reference_period},
                "earlier": [{"at": one.at.isoformat(), "xml": one.xml} for one in earlier.get(case.pk, ())],
            }
            for case in cases
        ],
        "cards": dict(cards),
        "forms": forms,
        "files": files,
        "words": form_words(),
        "sheet": decoy_rows(language),
        "lines": [
            {"name": line.name, "number": line.number, "note": line.note.in_language(language)}
            for line in current_protocol().support
        ],
        "choices": _choices(),
        "sealing_key": {"id": key.pk, "key": to_text(bytes(key.public_point))},
    }


def _files(instrument: Instrument) -> list[dict[str, str]]:
    """Return the files that a questionnaire names, and where the phone takes each of them once."""
    return [
        {
            "name": file["name"],
            "type": file["type"],
            "sha256": file["sha256"],
            "address": reverse("instrument_file", args=[instrument.pk, file["sha256"]]),
        }
        for file in instrument.file_list
    ]


def _case_data(case: SurveyCase, tried: Sequence[CallAttempt]) -> dict[str, Any]:
    return {
        "id": str(case.pk),
        "participant": case.participant.study_code,
        "status": case.status,
        "window_from": case.window_from.isoformat(),
        "window_until": case.window_until.isoformat(),
        "tried": [
            {
                "at": attempt.attempted_at.isoformat(),
                "channel": attempt.channel,
                "outcome": attempt.outcome,
                "next_at": attempt.next_at.isoformat() if attempt.next_at else None,
            }
            for attempt in tried
        ],
    }


def _choices() -> dict[str, Choices]:
    """Return what is chosen from, each by its code and in words."""
    return {
        "channel": _listed(Contact.choices),
        "outcome": _listed(CallAttempt.Outcome.choices),
        "outside_reason": _listed(ContactOverride.Reason.choices),
        "wish": _listed(Wish.choices),
        "codes": _listed(SurveyDebrief.Code.choices),
    }


def _listed(choices: Sequence[tuple[Any, Any]]) -> Choices:
    return [[str(value), str(label)] for value, label in choices]
