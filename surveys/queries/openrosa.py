"""What ODK Collect is given: the forms of an interviewer's cases, and whose key it shows."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import BigIntegerField, CharField, DateTimeField, UUIDField

from accounts.models import User
from accounts.ready_queries import Asked, ReadyQuery
from accounts.roles import Role
from protocol.queries import current_protocol
from surveys import openrosa
from surveys.models import CollectKey, Instrument, InstrumentFile, SurveyCase
from surveys.queries import cases_waiting, instrument_of, reference_period


@dataclass(frozen=True, slots=True)
class CaseForm:
    """One case as a form of its own; its name is the study code and the wave."""

    case_id: UUID
    form_id: str
    name: str
    version: str
    xml: bytes


def key_holder(username: str, token: str, *, now: datetime) -> User | None:
    """Return the interviewer whose living key this is, None for any other name or key."""
    if not username or not token:
        return None
    found = _LIVING.first(token=token_sha256(token), now=now, username=username)
    return found.user if found else None


_LIVING = ReadyQuery(
    lambda: (
        CollectKey.objects.filter(
            token_sha256=Asked("token", CharField()),
            revoked_at=None,
            expires_at__gt=Asked("now", DateTimeField()),
            user__username=Asked("username", CharField()),
            user__is_active=True,
            user__role=Role.INTERVIEWER,
            user__must_change_password=False,
        )
        .order_by("pk")
        .select_related("user")
    )
)


def case_sent(user: User, case_id: UUID) -> SurveyCase | None:
    """Return one of an interviewer's own cases, whatever became of it; None for anybody else's."""
    return _CASE.first(case=case_id, user=user.pk) if user.role == Role.INTERVIEWER else None


_CASE = ReadyQuery(
    lambda: (
        SurveyCase.objects.of_interviewer(Asked("user", BigIntegerField()))
        .filter(pk=Asked("case", UUIDField()))
        .order_by()
        .only("participant")
    )
)


def live_key(user: User, now: datetime) -> CollectKey | None:
    """Return a person's own key while it works."""
    return CollectKey.objects.filter(user=user, revoked_at=None, expires_at__gt=now).first()


def case_forms(user: User, today: date) -> list[CaseForm]:
    """Return the forms of the cases that wait for an interviewer; a wave without a questionnaire has none."""
    forms = (case_form_of(case, user.language) for case in cases_waiting(user, today))
    return [form for form in forms if form is not None]


def case_form_of(case: SurveyCase, language: str) -> CaseForm | None:
    """Return one case as a form, its period filled in, its texts in a language first."""
    instrument = instrument_of(case)
    if instrument is None:
        return None
    wave = next(row.label.in_language(language) for row in current_protocol().waves if row.code == case.wave)
    form_id = openrosa.case_form_id(instrument.code, case.pk)
    name = f"{case.participant.study_code} · {wave}"
    xform = Instrument.objects.values_list("xform", flat=True).get(pk=instrument.pk)
    prefill = {"reference_period": reference_period(case)}
    xml = openrosa.case_form(xform.encode(), form_id=form_id, name=name, prefill=prefill, language=language)
    return CaseForm(case.pk, form_id, name, instrument.version, xml)


def files_of_case(case: SurveyCase) -> list[InstrumentFile]:
    """Return the files that a case's form names, without what they hold."""
    instrument = instrument_of(case)
    return list(instrument.files.defer("content").order_by("name", "pk")) if instrument else []


def file_of_case(case: SurveyCase, sha256: str) -> InstrumentFile | None:
    """Return a file that a case's form names by the hash of what it holds; None for any other."""
    instrument = instrument_of(case)
    return instrument.files.filter(sha256=sha256).order_by("pk").first() if instrument else None


def token_sha256(token: str) -> str:
    """Return what is kept of a key: it is long and drawn at random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
