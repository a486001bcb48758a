"""The synthetic waves into the tables of `surveys`: a case each, and the answers of those that were held."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from participants.status import ENDED
from protocol.schema import StudyProtocol
from simulation.copying import copy_rows
from simulation.covariates import draw_covariates
from simulation.loading import Loading
from simulation.people import draw_uuids
from simulation.survey_waves import CANCELLED, DONE, MISSED, OPEN, REFUSED
from surveys.ipv_scores import ACTS, ActCode, act_answers, act_items, response_items, score_answers
from surveys.models import Submission, SurveyCase
from surveys.schedule import HER_CHOICE, due_waves

_AFTERNOON = 15 * 60
_STATUS = SurveyCase.Status
_NOT_PRIVATE_SHARE = 0.08
_SUPPORT_SHARE = 0.12
_NOT_REACHED = "not_reached"
_DECIDED = {DONE: _STATUS.DONE, REFUSED: _STATUS.REFUSED}


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """By wave the stored version that it asks and the period it asks about; the days until a survey is given up."""

    instruments: dict[str, int]
    periods: dict[str, str]
    missed_after_days: int


@dataclass(frozen=True, slots=True)
class _Case:
    """Where a woman's wave stands: the study day that decided it, and the reason if there was no survey."""

    status: _STATUS
    day: int
    reason: str = ""


def load_surveys(rng: Generator, load: Loading, *, rules: SurveyRules) -> int:
    """Write a case for each woman and wave, and a submission for each survey held; return how many submissions."""
    waves, women = len(load.world.settings.waves), len(load.women)
    uuids = draw_uuids(rng, women * waves)
    copy_rows(
        SurveyCase,
        ("id", "participant_id", "wave", "wave_number", "due_on", "window_from", "window_until", "status",
         "status_changed_at", "missed_reason"),
        _cases(rng, load, rules, uuids),
    )  # fmt: skip
    return copy_rows(
        Submission,
        ("id", "case_id", "instrument_id", "submitted_at", "submitted_by_id", "answers", "scores", "instance_id",
         "content_sha256", "findings"),
        _submissions(rng, load, rules, uuids),
    )  # fmt: skip


def survey_periods(protocol: StudyProtocol) -> dict[str, str]:
    """Return the period that each wave asks about."""
    return {wave.code: wave.reference_period for wave in protocol.waves}


def survey_answers(load: Loading, woman: int, wave: int, *, period: str, wants_support: bool) -> dict[str, str]:
    """Return one survey's answers by name, as the questionnaires ask them: nothing about injuries unless hurt."""
    codes = {
        domain: [ActCode(code) for code in load.world.item_answers[domain][woman, wave].tolist()] for domain in ACTS
    }
    hurt = any(code != ActCode.NEVER for domain in ("physical", "sexual") for code in codes[domain])
    answers = {"reference_period": period, "privacy": "yes", "agreement": "yes", "still_private_1": "yes"}
    for domain, found in codes.items():
        if domain != "injury" or hurt:
            for item, code in zip(act_items(domain), found, strict=True):
                answers |= act_answers(item, code)
    points = load.world.outcomes.response_items[woman, wave].tolist()
    answers |= {item: str(point) for item, point in zip(response_items(), points, strict=True)}
    return {**answers, "support": "accepted" if wants_support else "declined"}


def _cases(rng: Generator, load: Loading, rules: SurveyRules, uuids: list[str]) -> Iterator[tuple[Any, ...]]:
    calendar, found = load.world.calendar, load.world.surveys
    no_privacy = (rng.random(found.state.shape) < _NOT_PRIVATE_SHARE).tolist()
    states, days = found.state.tolist(), found.day.tolist()
    ids, settings = iter(uuids), load.world.settings
    for woman, enrolled in enumerate(calendar.enrolled.tolist()):
        for due in due_waves(load.clock.date(enrolled), settings.waves):
            given_up = (due.window_until - settings.first_day).days + rules.missed_after_days + 1
            state, day = states[woman][due.number], days[woman][due.number]
            case = _Case(_STATUS.DUE, enrolled)
            if state in _DECIDED:
                case = _Case(_DECIDED[state], day)
            elif state == CANCELLED and calendar.left_for[woman] in ENDED:
                left_for = calendar.left_for[woman]
                case = _Case(_STATUS.CANCELLED, day, HER_CHOICE if left_for == "withdrawn" else left_for)
            elif state in (CANCELLED, MISSED) and given_up < settings.today:
                case = _Case(_STATUS.MISSED, given_up, calendar.left_for[woman] or _NOT_REACHED)
            elif state == OPEN and no_privacy[woman][due.number]:
                case = _Case(_STATUS.NOT_PRIVATE, settings.today - 1)
            yield (
                next(ids), load.women[woman], due.code, due.number, due.due_on, due.window_from, due.window_until,
                str(case.status), load.clock.at(case.day, _AFTERNOON), case.reason,
            )  # fmt: skip


def _submissions(rng: Generator, load: Loading, rules: SurveyRules, uuids: list[str]) -> Iterator[tuple[Any, ...]]:
    found, waves = load.world.surveys, len(load.world.settings.waves)
    station, interviewers = load.world.women.station.tolist(), load.team.interviewers
    women, numbers = (found.state == DONE).nonzero()
    ids, wants_support = draw_uuids(rng, len(women)), (rng.random(len(women)) < _SUPPORT_SHARE).tolist()
    codes = [wave.code for wave in load.world.settings.waves]
    covariates = list(draw_covariates(rng, load.world.women.age.tolist()))
    for row, (woman, wave) in enumerate(zip(women.tolist(), numbers.tolist(), strict=True)):
        period = rules.periods[codes[wave]]
        answers = survey_answers(load, woman, wave, period=period, wants_support=wants_support[row])
        answers |= covariates[woman] if wave == 0 else {}
        at = load.clock.at(found.day[woman, wave], _AFTERNOON)
        yield (
            ids[row], uuids[woman * waves + wave], rules.instruments[codes[wave]], at,
            interviewers[station[woman] % len(interviewers)], answers, score_answers(answers),
            f"uuid:{ids[row]}", "", "[]",
        )  # fmt: skip
