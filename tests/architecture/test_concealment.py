"""Concealment: no page, download, audit row, log line or queued message carries an arm to who must not know it.

A small study is run under a protocol whose arms have names that stand nowhere else. Then every address that the access
table opens to a blinded role is fetched, with real objects in its scope, in both languages, and searched for the names.
An address whose objects this file does not know fails the test: name them in OBJECTS.
"""

import base64
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyreadstat
import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.access import may_open
from accounts.models import User
from accounts.roles import BLINDED_ROLES, POLICE_ROLES, Role
from audit.models import Event
from ivp_study.embedded import resolve_urls
from panel.management.commands.export_panel import FORMATS
from panel.queries import datasets
from participants.models import AccessNotice, IncidentReport, Participant, Transfer
from participants.queries import consent_texts
from participants.services import raise_notice, stage_reports
from referrals.models import Referral, SupportService
from referrals.services import OfferedAlready, StepWords, offer_referral
from risk.models import Scale
from safety.models import SafetyCase
from simulation import groundwork
from simulation.loader import load_study
from simulation.world import WorldSettings
from stations.models import Allocation, Frame, Posting
from stations.queries import study_stations
from surveys.models import SurveyCase
from tests.architecture.conflicting import conflicting_logs
from tests.architecture.incidents import incident_of, requests_of
from tests.architecture.interviewed import INTERVIEW_OBJECTS, INTERVIEWS_WITHOUT_PAGE
from tests.architecture.phones import days_given, shape_of
from tests.architecture.questionnaires import QUESTIONNAIRE_OBJECTS, QUESTIONNAIRES_WITHOUT_PAGE
from tests.architecture.reading import text_of, unsaid_on
from tests.architecture.released import RELEASE_OBJECTS, RELEASES_WITHOUT_PAGE
from tests.architecture.signed import SAFETY_OBJECTS, lowerings, messages_to, signed_by, withdrawn_by
from tests.architecture.test_access import patterns
from tests.architecture.watching import WATCHING_OBJECTS
from tests.factories import PROTOCOL_FILE
from tests.fixtures.databases import cloned_database, default_connection_to, empty_queue
from tests.fixtures.logs import every_line_kept
from tests.risk.test_scoring import ALL_SI
from tests.risk.test_views import posted
from visits.models import Visit

# arm of the shipped protocol: code, label in Spanish, label in English
NAMES = {
    "control": ("zqcontrol", "Zqazul", "Zqblue"),
    "training": ("zqtaller", "Zqverde", "Zqgreen"),
    "risk_scale": ("zqbalanza", "Zqrojo", "Zqred"),
    "both": ("zqambas", "Zqgris", "Zqgrey"),
}
TELLING = re.compile("|".join(name for names in NAMES.values() for name in names), re.IGNORECASE)
LANGUAGES = ("es", "en")
T = TypeVar("T")


@dataclass(frozen=True)
class ConcealedStudy:
    """The study under the telling names, and all that was logged since it began."""

    log: list[str]


@pytest.fixture(scope="module")
def study(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[ConcealedStudy]:
    with pytest.MonkeyPatch.context() as patch, cloned_database() as name:
        patch.setattr(groundwork, "_PROTOCOL_FILE", renamed_protocol(tmp_path_factory.mktemp("protocol")))
        with django_db_blocker.unblock(), default_connection_to(name), every_line_kept() as kept:
            empty_queue()
            now = timezone.now()
            world = WorldSettings(seed=1, as_of=timezone.localdate(now), clusters=8, participants=64, elapsed_months=4)
            load_study(world, now=now, say=lambda _text: None)
            yield ConcealedStudy(kept.lines)
            empty_queue()


def renamed_protocol(folder: Path) -> Path:
    """Write the shipped protocol with other names for its arms."""
    text = PROTOCOL_FILE.read_text(encoding="utf-8")
    for code, (own, spanish, english) in NAMES.items():
        text, found = re.subn(
            rf'code = "{code}"\nlabel.es = ".*"\nlabel.en = ".*"',
            f'code = "{own}"\nlabel.es = "{spanish}"\nlabel.en = "{english}"',
            text,
        )
        assert found == 1
    file = folder / PROTOCOL_FILE.name
    file.write_text(text, encoding="utf-8")
    return file


# --- Objects to ask for ----------------------------------------------------------------------------------------------


def one_of_each(objects: Iterable[T], kind: Callable[[T], object]) -> list[T]:
    """Return the first object of each kind."""
    first: dict[object, T] = {}
    for found in objects:
        first.setdefault(kind(found), found)
    return list(first.values())


def stations() -> list[int]:
    """Return the id of a station of each arm."""
    return [drawn.station_id for drawn in one_of_each(study_stations(), lambda drawn: drawn.arm)]


def staged_imports() -> list[object]:
    """Return a file of reports that each supervisor has just brought."""
    content = b"numero,fecha,nombre,documento\nX-1,2020-01-02,Ana Inventada,SIMX1\nX-2,ayer,Eva Inventada,SIMX2\n"
    now, brought = timezone.now(), people(Role.SUPERVISOR)
    return [stage_reports(by=user, content=content, name="ingresos.csv", now=now).pk for user in brought]


def followed() -> QuerySet[Participant]:
    return Participant.objects.in_follow_up().order_by("pk")


def access_notices() -> list[object]:
    """Return a notice of an emergency at a station of each arm."""
    notices = []
    for woman in one_of_each(Participant.objects.in_follow_up().order_by("pk"), lambda woman: woman.station_id):
        officer = User.objects.filter(officer__postings__station=woman.station_id).first()
        raise_notice(AccessNotice.Kind.EMERGENCY, now=timezone.now(), participant=woman, user=officer)
        notices.append(AccessNotice.objects.latest("pk").pk)
    return notices


def referrals() -> list[object]:
    """Return the referrals there are, and one by each officer and interviewer to a woman in her care."""
    words, now = StepWords(timezone.localdate()), timezone.now()
    service = SupportService.objects.earliest("pk")
    for user in (*people(Role.OFFICER), *people(Role.INTERVIEWER)):
        woman = Participant.objects.visible_to(user).in_follow_up().earliest("pk")
        with suppress(OfferedAlready):
            offer_referral(by=user, participant=woman, service=service, words=words, now=now)
    return list(Referral.objects.order_by("pk").values_list("pk", flat=True))


# part of an address: real values of it, from a station of each arm and in every state
OBJECTS: dict[str, Callable[[], list[object]]] = {
    "officer_id": lambda: [user.officer.pk for user in people(Role.SUPERVISOR)],
    "posting_id": lambda: [posting.pk for posting in Posting.objects.order_by("-starts_on", "-pk")[:2]],
    "study_code": lambda: [
        woman.study_code
        for woman in one_of_each(
            Participant.objects.filter(station__in=stations()).order_by("pk"),
            lambda woman: (woman.station_id, woman.status),
        )
    ],
    "report_code": lambda: [
        report.code
        for report in one_of_each(
            IncidentReport.objects.filter(station__in=stations()).prefetch_related("screenings").order_by("pk"),
            lambda report: (
                report.station_id,
                report.first_report_id is None,
                report.participant_id is None,
                *(screening.outcome for screening in report.screenings.all() if screening.superseded_at is None),
            ),
        )
    ],
    "import_id": staged_imports,
    "visit_id": lambda: [
        visit.pk
        for visit in one_of_each(
            Visit.objects.filter(station__in=stations()).order_by("-planned_on", "pk"),
            lambda visit: (visit.station_id, visit.status),
        )
    ],
    "incident_id": lambda: [entry.incident_id for entry in incident_of(followed())[:1]],
    "entry_id": lambda: [entry.pk for entry in incident_of(one_of_each(followed(), lambda woman: woman.station_id))],
    "request_id": lambda: requests_of(one_of_each(followed(), lambda woman: (woman.station_id, woman.interviewer_id))),
    "service_id": lambda: [service.pk for service in SupportService.objects.order_by("pk")[:1]],
    "referral_id": referrals,
    "safety_case_id": lambda: [
        case.pk for case in one_of_each(SafetyCase.objects.order_by("pk"), lambda case: (case.rule, case.state))
    ],
    "scale_id": lambda: list(Scale.objects.values_list("pk", flat=True)),
    "lowering_id": lowerings,
    **SAFETY_OBJECTS,
    "transfer_id": lambda: list(Transfer.objects.order_by("pk").values_list("pk", flat=True)),
    "signature_id": lambda: signed_by(one_of_each(followed(), lambda woman: woman.station_id)),
    "message_id": lambda: messages_to(one_of_each(followed(), lambda woman: woman.station_id)),
    "withdrawal_id": lambda: withdrawn_by(one_of_each(followed(), lambda woman: woman.station_id)),
    "case_id": lambda: [
        case.pk
        for case in one_of_each(
            SurveyCase.objects.select_related("participant").order_by("pk"),
            lambda case: (case.participant.interviewer_id, case.status),
        )
    ],
    "name": lambda: [dataset.name for dataset in datasets(reads_arm=True)],
    **INTERVIEW_OBJECTS,
    **QUESTIONNAIRE_OBJECTS,
    **RELEASE_OBJECTS,
    "allocation_id": lambda: list(Allocation.objects.values_list("pk", flat=True)),
    "notice_id": access_notices,
    **dict.fromkeys(("absence_id", "change_id", "conflict_id", "sheet_id", "turn_id", "token_id"), lambda: [0]),
    "device_id": lambda: ["0198aaaa-0000-7000-8000-000000000001"],
    "pair_id": lambda: conflicting_logs(stations(), people(Role.OFFICER)[0]),
    "user_id": lambda: [user.pk for user in people(Role.SUPERVISOR)],
    "frame_id": lambda: list(Frame.objects.values_list("pk", flat=True)),
    "version": lambda: [text.version for text in consent_texts()],
    **WATCHING_OBJECTS,
    "part": lambda: ["whole", "stations", "districts"],
}


def addresses(pattern: URLPattern) -> list[str]:
    """Return the addresses of a pattern with real objects. Fails on a part that OBJECTS does not name."""
    parts = list(pattern.pattern.converters)
    unknown = [part for part in parts if part not in OBJECTS]
    assert unknown == [], f"{pattern.name}: name real values of {unknown} in OBJECTS of {__file__}"
    return [
        reverse(pattern.name, kwargs=dict(zip(parts, values, strict=True)))
        for values in product(*(OBJECTS[part]() for part in parts))
    ]


def people(role: Role) -> list[User]:
    """Return people of a role who differ in what they see: one of a station of each arm, and two of any other role."""
    users = User.objects.filter(role=role).order_by("pk")
    if role in POLICE_ROLES:
        serving = Posting.objects.serving().filter(officer__user__in=users, station__in=stations())
        postings = one_of_each(serving.select_related("officer__user"), lambda posting: posting.station_id)
        return [posting.officer.user for posting in postings]
    return list(users[:2])


# --- Reading what comes back -----------------------------------------------------------------------------------------


def found_in(text: str) -> list[str]:
    return sorted({name.lower() for name in TELLING.findall(text)})


def answers_to(user: User, pattern: URLPattern) -> Iterator[tuple[str, HttpResponseBase]]:
    """Fetch a pattern's addresses, those in her scope in both languages; send an empty form to one that opened."""
    spanish, english = (signed_in(user, language) for language in LANGUAGES)
    opened = []
    for address in addresses(pattern):
        response = spanish.get(address)
        yield f"GET {address} (es)", response
        if response.status_code != HTTPStatus.NOT_FOUND:
            yield f"GET {address} (en)", english.get(address)
            opened.append(address)
    for address in opened[:1]:
        yield f"POST {address} (es)", spanish.post(address, {})
        yield f"POST {address} (en)", english.post(address, {})


def signed_in(user: User, language: str) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = language
    return client


# Addresses that never answer a GET with a page: they take forms only, or lead on.
WITHOUT_PAGE = {
    *("absence_withdraw", "change_undo", "conflict_lift", "duty_withdraw", "sheet_seen"),
    *("message_cancel", "message_look", "message_outside", "safe_contact_confirm", "transfer_accept"),
    *("events_read", "transfer_call_off", "survey_cover", "survey_form", "survey_correct", "paper_compare"),
    *("survey_draft", "data_request_copy", "paper_enter", "token_end", "metrics"),
    "report_import_write",
    "report_import_discard",
    *("quality_answer", "quality_accept", "quality_return", "sign_out", "set_language"),
    *("complaint_take", "complaint_step"),
    "home",
    "visit_api_log",
    *("visit_sync", "device_api", "device_api_part"),
    # Asked with a phone, below.
    *("phone_days", "phone_parcels", "phone_wipe", "sheet_sync", "phone_notebook", "entry_sync"),
    *("sign_in", *INTERVIEWS_WITHOUT_PAGE, *QUESTIONNAIRES_WITHOUT_PAGE, *RELEASES_WITHOUT_PAGE),
}


@pytest.mark.timeout(1800)  # every page of a role, in both languages
@pytest.mark.parametrize("role", sorted(BLINDED_ROLES))
def test_no_answer_to_a_blinded_role_names_an_arm(study, role):
    told, unsaid, unopened = [], [], []
    for pattern in patterns():
        if not may_open(role, pattern.name):
            continue
        statuses = set()
        for user in people(role):
            for request, response in answers_to(user, pattern):
                statuses.add(response.status_code)
                text = text_of(response)
                told += [(user.username, request, name) for name in found_in(text)]
                if request.endswith("(es)") and response.get("Content-Type", "").startswith("text/html"):
                    unsaid += [(user.username, request, words) for words in unsaid_on(text)]
        if HTTPStatus.OK not in statuses and pattern.name not in WITHOUT_PAGE:
            unopened.append((pattern.name, statuses))
    assert told == []
    assert unsaid == [], "these pages speak as a program does"
    assert unopened == [], "these addresses showed nobody of the role anything: OBJECTS names none in her scope"


@pytest.mark.parametrize("role", sorted(POLICE_ROLES))
def test_no_phone_is_given_an_arm_and_all_are_given_alike(study, role):
    given = [days_given(user, signed_in(user, language)) for user in people(role) for language in LANGUAGES]
    assert [found_in(text_of(answer)) for answer in given] == [[]] * len(given)
    assert {shape_of(answer.json()) for answer in given} == {shape_of(given[0].json())}
    assert given[0].json()["cards"]


def test_no_notebook_names_an_arm(study):
    users = people(Role.INTERVIEWER)
    given = [days_given(user, signed_in(user, language), "phone_notebook") for user in users for language in LANGUAGES]
    assert [found_in(text_of(answer)) for answer in given] == [[]] * len(given)
    assert any(answer.json()["cards"] for answer in given)


def labelled_text(read) -> str:
    frame, meta = read
    return f"{frame.to_csv()}{meta.column_names_to_labels}{meta.variable_value_labels}{meta.file_label}"


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_export_names_an_arm(study, tmp_path, file_format):
    call_command("export_panel", "--dataset", "all", "--format", file_format, "--out", tmp_path, stdout=io.StringIO())
    readers = {
        ".csv": lambda file: file.read_text(encoding="utf-8"),
        ".dta": lambda file: labelled_text(pyreadstat.read_dta(file)),
        ".sav": lambda file: labelled_text(pyreadstat.read_sav(file)),
        ".parquet": lambda file: pl.read_parquet(file).write_csv() + str(pl.read_parquet_metadata(file)),
    }
    files = {file.name: readers[file.suffix](file) for file in tmp_path.iterdir()}
    assert len(files) == 2 * len(datasets(reads_arm=False))
    assert {name: found_in(text) for name, text in files.items() if found_in(text)} == {}


def queued_messages() -> list[str]:
    """Return every message that waits for a worker, its body decoded."""
    client = redis.from_url(resolve_urls().redis)
    waiting = client.lrange(settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] + "celery", 0, -1)
    client.close()
    messages = [json.loads(message) for message in waiting]
    return [f"{message['headers']} {base64.b64decode(message['body']).decode()}" for message in messages]


def test_no_audit_row_log_line_or_queued_message_names_an_arm(study):
    for officer in people(Role.OFFICER):
        woman = Participant.objects.visible_to(officer).filter(status="enrolled").first()
        address = reverse("assess_risk", args=[woman.study_code])
        assert signed_in(officer, "es").post(address, posted(ALL_SI)).status_code == HTTPStatus.FOUND
        assert signed_in(officer, "es").get(reverse("case_list")).status_code == HTTPStatus.FORBIDDEN
    rows = [f"{row.action} {row.object_type} {row.object_id} {row.reason} {row.details}" for row in Event.objects.all()]
    places = {"audit": rows, "log": study.log, "queue": queued_messages()}
    assert len(places["queue"]) >= len(NAMES)
    assert min(len(texts) for texts in places.values()) > 0
    assert [(place, text) for place, texts in places.items() for text in texts if found_in(text)] == []


@pytest.mark.parametrize(("language", "column"), [("es", 1), ("en", 2)])
@pytest.mark.parametrize("role", sorted(frozenset(Role) - BLINDED_ROLES))
def test_search_finds_the_arms_where_they_may_stand(study, role, language, column):
    client = signed_in(people(role)[0], language)
    allocation = Allocation.objects.get()
    page = text_of(client.get(reverse("allocation_detail", args=[allocation.pk])))
    certificate = text_of(client.get(reverse("allocation_certificate", args=[allocation.pk])))
    assert found_in(page) == sorted(names[column].lower() for names in NAMES.values())
    assert found_in(certificate) == sorted(names[0] for names in NAMES.values())


def test_address_of_unknown_objects_fails(study):
    (pattern,) = [pattern for pattern in patterns() if pattern.name == "visit_detail"]
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(OBJECTS, "visit_id")
        with pytest.raises(AssertionError, match=r"visit_detail: name real values of \['visit_id'\]"):
            addresses(pattern)
