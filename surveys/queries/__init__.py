"""What pages, services and sweeps read about surveys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from accounts.roles import Role
from participants.consent_scopes import Feature
from participants.models import Participant, ParticipantQuerySet
from participants.queries import consent_not_ended, consent_to, masked_names
from participants.status import ENDED
from protocol.queries import current_protocol
from surveys.models import (
    CallAttempt,
    DataQuery,
    DataQueryQuerySet,
    Instrument,
    InstrumentFile,
    InterviewerChange,
    SurveyCase,
    SurveyCaseQuerySet,
    WaveInstrument,
)
from surveys.schedule import HELD, HER_CHOICE, OPEN, WaveRule
from surveys.xforms.form import read_xform
from surveys.xforms.lists import READERS
from surveys.xforms.rules import FormRules, form_rules


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as the interviewer's list shows it, with what was tried, the newest first."""

    case: SurveyCase
    masked_name: str
    wave_label: str
    tried: Sequence[CallAttempt] = ()


def instruments_by_wave() -> dict[str, Instrument]:
    """Return the version that each wave asks from now on, without its file and form; waves without one left out."""
    last = WaveInstrument.objects.order_by("wave", "-pk").distinct("wave").values_list("wave", "instrument_id")
    by_wave = dict(last)
    found = Instrument.objects.listed().in_bulk(by_wave.values())
    return {wave: found[pk] for wave, pk in by_wave.items()}


def instrument_of(case: SurveyCase) -> Instrument | None:
    """Return what a case asks: the version it was asked with, else the one of its wave, None before a wave has one."""
    asked = Instrument.objects.listed().filter(submissions__case=case).first()
    if asked is not None:
        return asked
    pinned = WaveInstrument.objects.filter(wave=case.wave).values("instrument_id")[:1]
    return Instrument.objects.listed().filter(pk=Subquery(pinned)).first()


def instrument_sent(code: str, version: str, *, wave: str) -> Instrument | None:
    """Return the version that a submission names, if the wave asks it or did: a device may hold the one before."""
    found = _SENT.first(code=code, version=version, wave=wave)
    return None if found is None else _kept(found.pk, found.sha256)


_SENT = ReadyQuery(
    lambda: (
        Instrument.objects.filter(
            Exists(WaveInstrument.objects.filter(wave=Asked("wave", CharField()), instrument=OuterRef("pk"))),
            code=Asked("code", CharField()),
            version=Asked("version", CharField()),
        )
        .order_by("-loaded_at", "-pk")
        .only("sha256")
    )
)


def form_rules_of(instrument: Instrument) -> FormRules:
    """Return a version's form with its rules ready to run; they are made once in a process."""
    return _ready_rules(instrument.pk, instrument.sha256)


def identifying_names(instrument: Instrument) -> frozenset[str]:
    """Return the names of the questions whose answers are not kept in clear."""
    return frozenset(question["name"] for question in instrument.content["questions"] if question["may_identify"])


def data_queries(user: User, status: str) -> DataQueryQuerySet:
    """Return the queries that a person sees, those of one status where it names one, the open ones first."""
    found = DataQuery.objects.visible_to(user).select_related("submission__case__participant", "submission__instrument")
    found = found.defer("submission__instrument__source", "submission__instrument__xform", "submission__answers")
    if status in DataQuery.Status.values:
        found = found.filter(status=status)
    waiting = Case(When(status="open", then=0), When(status="answered", then=1), default=2)
    return found.order_by(waiting, "opened_at", "place", "id")


@lru_cache(maxsize=64)
def _kept(instrument_id: int, sha256: str) -> Instrument:
    """Return a version with what it asks, which is long and does not change: read once in a process."""
    return Instrument.objects.listed().get(pk=instrument_id, sha256=sha256)


@lru_cache(maxsize=64)
def _ready_rules(instrument_id: int, sha256: str) -> FormRules:
    stored = Instrument.objects.get(pk=instrument_id, sha256=sha256)
    in_files = stored.files.exclude(kind=InstrumentFile.Kind.IMAGE).order_by("name")
    lists = {file.name: READERS[file.kind](bytes(file.content)).instance for file in in_files}
    return form_rules(read_xform(stored.xform.encode(), lists), zone=timezone.get_default_timezone())


def wave_rules() -> tuple[WaveRule, ...]:
    """Return the protocol's waves."""
    return tuple(WaveRule(wave.code, wave.month, wave.window_days) for wave in current_protocol().waves)


def reference_period(case: SurveyCase) -> str:
    """Return the code of the period that a case's wave asks about."""
    return next(wave.reference_period for wave in current_protocol().waves if wave.code == case.wave)


def cases_in_reach(user: User, today: date) -> SurveyCaseQuerySet:
    """Return the cases of women whom a person follows and who still take part and consent to surveys today."""
    return (
        SurveyCase.objects.visible_to(user)
        .exclude(participant__status__in=ENDED)
        .filter(consent_to(Feature.SURVEY, today, woman="participant"))
        .select_related("participant__sealed_card", "participant__vault_key")
    )


def case_asked_before(user: User, case_id: UUID) -> SurveyCase | None:
    """Return a case of a woman whom an interviewer asked before somebody else took over; None for any other."""
    if user.role != Role.INTERVIEWER:
        return None
    before = InterviewerChange.objects.filter(participant=OuterRef("participant"), before=user)
    return SurveyCase.objects.filter(Exists(before), pk=case_id).first()


def cases_waiting(user: User, today: date) -> SurveyCaseQuerySet:
    """Return a person's open cases whose window has begun, those that close first before the others.

    What was answered in part is among them while its window is open.
    """
    return (
        cases_in_reach(user, today)
        .filter(
            Q(status__in=OPEN) | Q(status=SurveyCase.Status.PARTIAL, window_until__gte=today), window_from__lte=today
        )
        .order_by("window_until", "due_on", "id")
    )


def cases_ended_by_choice(cases: SurveyCaseQuerySet) -> SurveyCaseQuerySet:
    """Return the cases, open or on hold, of women who take part and have ended their consent to surveys."""
    return cases.filter(status__in=OPEN | HELD).exclude(participant__status__in=ENDED).exclude(_not_ended())


def cases_of_paused(cases: SurveyCaseQuerySet) -> SurveyCaseQuerySet:
    """Return the open cases of women who rest."""
    return cases.filter(status__in=OPEN, participant__status=Participant.Status.PAUSED)


def cases_lapsed(cases: SurveyCaseQuerySet, today: date) -> SurveyCaseQuerySet:
    """Return the open cases of women who have not signed a newer text of their consent to surveys in time."""
    return cases.filter(_not_ended(), status__in=OPEN).exclude(_agreed(today))


def cases_to_resume(cases: SurveyCaseQuerySet, today: date) -> SurveyCaseQuerySet:
    """Return what can go on: on hold, or ended by her choice within its window, and she is asked again today."""
    was_stopped = Q(status__in=HELD) | Q(
        status=SurveyCase.Status.CANCELLED, missed_reason=HER_CHOICE, window_until__gte=today
    )
    resting = {Participant.Status.PAUSED, *ENDED}
    return cases.filter(was_stopped, _agreed(today)).exclude(participant__status__in=resting)


def case_rows(
    cases: Collection[SurveyCase], tried: Mapping[object, Sequence[CallAttempt]] | None = None
) -> list[CaseRow]:
    """Return cases, as `cases_waiting` gives them, in the words of the list."""
    names = masked_names(case.participant for case in cases)
    language = get_language() or "es"
    labels = {wave.code: wave.label.in_language(language) for wave in current_protocol().waves}
    return [
        CaseRow(case, names[case.participant_id], labels.get(case.wave, case.wave), (tried or {}).get(case.pk, ()))
        for case in cases
    ]


def participants_without_cases(today: date) -> ParticipantQuerySet:
    """Return the women in follow-up who consent to surveys today and have no wave scheduled yet."""
    return (
        Participant.objects.in_follow_up()
        .filter(consent_to(Feature.SURVEY, today))
        .exclude(Exists(SurveyCase.objects.filter(participant=OuterRef("pk"))))
        .order_by("pk")
    )


def _agreed(today: date) -> Exists:
    return consent_to(Feature.SURVEY, today, woman="participant")


def _not_ended() -> Exists:
    return consent_not_ended(Feature.SURVEY, woman="participant")
