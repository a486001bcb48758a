"""Logs of visits for programs: the newest first, by code, for who may know the arm, of women who let them out."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from accounts.tokens import TokenScope
from audit.models import Event
from participants.models import Consent
from tests.factories import NOW, UserFactory
from tests.panel.test_api import all_pages, with_key
from visits.models import LogConflict, Visit, VisitLog

URL = "/api/v1/logs/"


@pytest.fixture
def logs(small_study) -> list[VisitLog]:
    """A log of each visit that took place; three of a phone came in the same moment."""
    done = Visit.objects.filter(status="done").order_by("pk")
    return VisitLog.objects.bulk_create(
        VisitLog(
            visit=visit, outcome="met", in_private="yes", occurred_at=NOW - timedelta(hours=number),
            received_at=NOW - timedelta(minutes=10 * (number // 3)),
        )
        for number, visit in enumerate(done)
    )  # fmt: skip


def reader() -> Client:
    return with_key(Role.STATISTICIAN, scopes=[TokenScope.VISITS])


def given_out(logs) -> list[VisitLog]:
    """Those whose woman agrees, today, to her visits and surveys being used, newest first."""
    kept = [
        log for log in logs
        if log.visit.participant.data_erased_at is None
        and {"visits", "surveys"} <= set(agreed(log.visit.participant))
    ]  # fmt: skip
    return sorted(kept, key=lambda log: (log.received_at, log.pk), reverse=True)


def agreed(woman):
    return Consent.objects.filter(participant=woman, ended_at=None).values_list("scope", flat=True)


@pytest.mark.requirement("F47", "N26")
@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_hold_every_log_that_may_be_given_out_once_newest_first(logs, limit):
    rows = all_pages(reader(), f"{URL}?limit={limit}")
    wanted = given_out(logs)
    assert 0 < len(wanted) < len(logs)
    assert [row["planned_day"] for row in rows] == [
        (log.visit.planned_on - log.visit.participant.enrolled_on).days for log in wanted
    ]
    assert len({row["log"] for row in rows}) == len(rows)


def test_without_a_word_the_newest_fifty_come(logs):
    answer = reader().get(URL).json()
    assert (len(answer["rows"]), answer["next"] is None) == (min(50, len(given_out(logs))), len(given_out(logs)) <= 50)


@pytest.mark.requirement("F37")
def test_codes_are_those_of_the_data_sets_and_nothing_else_leaves(logs):
    answer = reader().get(URL)
    panel = with_key(Role.STATISTICIAN).get("/api/v1/datasets/panel_wave/rows/").json()["rows"]
    rows, said = answer.json()["rows"], answer.content.decode()
    assert {(row["woman"], row["station"]) for row in rows} <= {(row["woman"], row["station"]) for row in panel}
    hidden = [str(log.pk) for log in logs] + [log.visit.participant.study_code for log in logs]
    assert [word for word in hidden if word in said] == []
    assert NOW.strftime("%Y-%m") not in said
    event = Event.objects.get(action="panel.read_logs")
    assert (event.object_id, event.details["rows"]) == ("visit_logs", len(rows))


def test_log_that_was_corrected_came_when_it_first_came(logs):
    log = given_out(logs)[0]
    came_at = log.occurred_at + timedelta(minutes=5)
    people = {"second_by": UserFactory(), "decided_by": UserFactory()}
    kept = {"visit": log.visit, "log": log, "first": {}, "first_sha256": "0" * 64, "first_received_at": came_at}
    LogConflict.objects.create(
        **kept, **people, second={}, second_id=log.pk, second_sha256="1" * 64, received_at=log.received_at,
        correction="slip", decision="second", decided_at=NOW,
    )  # fmt: skip
    row = reader().get(URL, {"limit": 1}).json()["rows"][0]
    assert row["minutes_until_received"] == 5


@pytest.mark.requirement("F37")
def test_who_may_not_know_the_arm_gets_no_list(logs):
    client = Client()
    client.force_login(UserFactory(role=Role.RESEARCHER), backend="django.contrib.auth.backends.ModelBackend")
    assert (client.get(URL).status_code, with_key(Role.RESEARCHER).get(URL).status_code) == (403, 403)
    assert not Event.objects.filter(action="panel.read_logs").exists()


def test_what_did_not_change_is_not_sent_again(logs):
    client = reader()
    first = client.get(URL, {"limit": 5})
    assert client.get(URL, {"limit": 5}, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "cursor=x"])
def test_what_cannot_be_asked_is_said(logs, query):
    answer = reader().get(f"{URL}?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, query.partition("=")[0])
