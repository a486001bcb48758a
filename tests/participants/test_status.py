"""The table of her status, pair by pair, its history, and pauses that end."""

import subprocess
import sys
from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.sweeping import StepsFailed
from participants import queries, services, tasks
from participants.models import OutgoingMessage, Participant, SafeContactPlan, StatusChange
from participants.status import ENDED, ENTRY, REASONS, STAYS_PAUSED, TRANSITIONS, may_become
from tests.factories import NOW, TODAY, ParticipantFactory, ProtocolVersionFactory, VisitFactory
from tests.fixtures.databases import CHECKOUT
from tests.participants.test_services import enrol
from tests.participants.test_views import signed_in

Status = Participant.Status
# row: from; column: to
ALLOWED = """
            enrolled paused moved lost withdrawn deceased completed
enrolled    -        x      x     x    x         x        x
paused      x        -      x     x    x         x        x
moved       x        -      -     x    x         x        x
lost        x        -      x     -    x         x        x
withdrawn   -        -      -     -    -         -        -
deceased    -        -      -     -    -         -        -
completed   -        -      -     -    -         -        -
"""
_HEAD, *_ROWS = (line.split() for line in ALLOWED.strip().splitlines())
PAIRS = {(row[0], to): mark == "x" for row in _ROWS for to, mark in zip(_HEAD, row[1:], strict=True)}


@pytest.fixture
def resting(care) -> Participant:
    """A woman with a plan, and a protocol in force."""
    ProtocolVersionFactory()
    woman = ParticipantFactory(station=care.station, interviewer=care.interviewer)
    VisitFactory(plan__participant=woman, planned_on=TODAY + timedelta(days=1))
    return woman


def pause(care, woman, reason="travel", days=5, now=NOW):
    return_on = TODAY + timedelta(days=days) if days else None
    services.change_status(
        by=care.supervisor, participant=woman, to=Status.PAUSED, reason=reason, return_on=return_on, now=now
    )


def planned(woman) -> bool:
    return woman.visits.filter(status="planned").exists()


def history(woman) -> list[tuple[object, ...]]:
    return list(
        woman.status_changes.order_by("pk").values_list("from_status", "to_status", "reason", "expected_return_on")
    )


def test_the_table_speaks_of_every_pair():
    assert set(PAIRS) == set(product(Status.values, repeat=2))
    assert set(TRANSITIONS) == set(Status.values)
    assert set().union(*ENTRY.values()) <= set(Status.values)
    assert set(REASONS) == set(Status.values) - {"withdrawn"}
    assert {code for codes in REASONS.values() for code in codes} | {"enrolled"} == set(StatusChange.Reason.values)
    assert set(REASONS["paused"]) >= STAYS_PAUSED
    assert {"withdrawn", "deceased", "completed"} == ENDED


def test_the_diagram_is_drawn_from_the_table():
    done = subprocess.run([sys.executable, "scripts/status_diagram.py", "--check"], cwd=CHECKOUT, check=False)
    assert done.returncode == 0, "docs/status.md is stale: python scripts/status_diagram.py"


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "to"), sorted(PAIRS))
def test_each_pair_is_allowed_or_refused_as_the_table_says(care, before, to):
    ProtocolVersionFactory()
    woman = ParticipantFactory(station=care.station, status=before)

    def change() -> None:
        if to == "withdrawn":
            services.withdraw_participant(by=care.supervisor, participant=woman, reason="not_said", now=NOW)
        else:
            services.change_status(by=care.supervisor, participant=woman, to=Status(to), reason=REASONS[to][0], now=NOW)

    assert may_become(before, to) == PAIRS[before, to]
    if PAIRS[before, to]:
        change()
        assert [line[:2] for line in history(woman)] == [(before, to)]
    else:
        with pytest.raises(services.StatusChangeRefused):
            change()
        assert history(woman) == []
    woman.refresh_from_db()
    assert woman.status == (to if PAIRS[before, to] else before)


@pytest.mark.parametrize(
    ("to", "reason", "return_in", "error"),
    [
        ("paused", "moved", None, services.StatusReasonUnknown),
        ("lost", "because", None, services.StatusReasonUnknown),
        ("paused", "travel", 0, services.ReturnDayWrong),
        ("paused", "travel", -1, services.ReturnDayWrong),
        ("moved", "moved", 5, services.ReturnDayWrong),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(care, woman, to, reason, return_in, error):
    day = None if return_in is None else TODAY + timedelta(days=return_in)
    with pytest.raises(error):
        services.change_status(
            by=care.supervisor, participant=woman, to=Status(to), reason=reason, return_on=day, now=NOW
        )
    assert history(woman) == []


@pytest.mark.requirement("F1")
def test_every_change_is_kept_with_its_reason_its_hour_and_who(care):
    ProtocolVersionFactory()
    woman = enrol(care.supervisor)
    pause(care, woman, "health", 9)
    services.postpone_return(
        by=care.supervisor, participant=woman, return_on=TODAY + timedelta(days=20), now=NOW + timedelta(days=1)
    )
    services.withdraw_participant(by=care.supervisor, participant=woman, reason="time", now=NOW + timedelta(days=2))

    assert history(woman) == [
        ("", "enrolled", "enrolled", None),
        ("enrolled", "paused", "health", TODAY + timedelta(days=9)),
        ("paused", "paused", "health", TODAY + timedelta(days=20)),
        ("paused", "withdrawn", "time", None),
    ]
    assert set(woman.status_changes.values_list("by", flat=True)) == {care.supervisor.pk}


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_lets_no_change_be_altered(care, woman, change):
    pause(care, woman)
    rows = StatusChange.objects.filter(participant=woman)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(reason=F("to_status")) if change == "update" else rows.delete()
    assert [line[2] for line in history(woman)] == ["travel"]


def test_the_plain_role_may_only_add_to_the_history(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('participants_statuschange', privilege)"
            " FROM unnest(ARRAY['INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege"
        )
        assert [row[0] for row in cursor.fetchall()] == [True, True, False, False, False]


# --- Pauses ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("F16")
def test_who_rests_until_a_day_comes_back_on_it_and_is_planned_at_once(care, resting):
    pause(care, resting, "travel", 5)
    assert not planned(resting)
    eve, day = NOW + timedelta(days=4), NOW + timedelta(days=5)
    assert list(queries.participants_to_return(timezone.localdate(eve))) == []
    with pytest.raises(services.PauseNotOver):
        services.return_from_pause(by=tasks.RETURNER, participant=resting, now=eve)

    assert list(queries.participants_to_return(timezone.localdate(day))) == [resting]
    services.return_from_pause(by=tasks.RETURNER, participant=resting, now=day)

    assert planned(resting)
    assert history(resting)[-1] == ("paused", "enrolled", "returned", None)
    assert list(queries.participants_to_return(timezone.localdate(day))) == []
    with pytest.raises(services.NotPaused):
        services.return_from_pause(by=tasks.RETURNER, participant=resting, now=day)


@pytest.mark.requirement("F16")
def test_a_pause_for_her_safety_stays_and_asks_her_supervisor_on_the_day(care, resting):
    pause(care, resting, "safety", 5)
    day = NOW + timedelta(days=5)
    assert list(queries.participants_to_return(timezone.localdate(day))) == []
    with pytest.raises(services.PauseNotOver):
        services.return_from_pause(by=tasks.RETURNER, participant=resting, now=day)

    (listed,) = queries.women_to_come_back(care.supervisor)
    assert (listed.participant, listed.expected_return_on) == (resting, timezone.localdate(day))
    services.change_status(by=care.supervisor, participant=resting, to=Status.ENROLLED, reason="returned", now=day)
    assert planned(resting)


def test_a_return_may_be_postponed_and_the_last_word_counts(care, resting):
    pause(care, resting, "other", 2)
    services.postpone_return(by=care.supervisor, participant=resting, return_on=TODAY + timedelta(days=6), now=NOW)
    assert list(queries.participants_to_return(TODAY + timedelta(days=5))) == []
    assert list(queries.participants_to_return(TODAY + timedelta(days=6))) == [resting]
    with pytest.raises(services.ReturnDayWrong):
        services.postpone_return(by=care.supervisor, participant=resting, return_on=TODAY, now=NOW)


def test_an_earlier_pause_says_nothing_about_the_present_one(care, resting):
    pause(care, resting, "travel", 2)
    services.change_status(by=care.supervisor, participant=resting, to=Status.ENROLLED, reason="returned", now=NOW)
    pause(care, resting, "safety", None)
    assert list(queries.participants_to_return(TODAY + timedelta(days=30))) == []


def test_the_sweep_takes_up_who_is_due_and_is_safe_to_run_twice(care, db):
    ProtocolVersionFactory()
    now = timezone.now()
    woman = ParticipantFactory(station=care.station, status="paused", status_changed_at=now)
    StatusChange.objects.create(
        participant=woman, from_status="enrolled", to_status="paused", reason="travel", at=now,
        expected_return_on=timezone.localdate(now),
    )  # fmt: skip

    tasks.return_from_pauses()
    tasks.return_from_pauses()

    woman.refresh_from_db()
    assert woman.status == "enrolled"
    assert [line[1] for line in history(woman)] == ["paused", "enrolled"]


def test_one_woman_whose_return_always_fails_holds_up_none_of_those_after_her(care, db, caplog):
    ProtocolVersionFactory()
    now = timezone.now()
    broken, whole = (ParticipantFactory(station=care.station, status="paused", status_changed_at=now) for _ in range(2))
    for woman in (broken, whole):
        StatusChange.objects.create(
            participant=woman, from_status="enrolled", to_status="paused", reason="travel", at=now,
            expected_return_on=timezone.localdate(now),
        )  # fmt: skip
    # Part of her record is gone: a message waits, and nothing says when it may go.
    OutgoingMessage.objects.create(
        participant=broken, purpose="visits", text_code="see_you", way="sms", not_before=now, queued_at=now,
        state_changed_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    SafeContactPlan.objects.filter(participant=broken).delete()

    for _again in range(2):
        with pytest.raises(StepsFailed) as failure:
            tasks.return_from_pauses()

    assert str(failure.value) == "1 of 1 steps failed"
    assert [Participant.objects.get(pk=woman.pk).status for woman in (broken, whole)] == ["paused", "enrolled"]
    assert [line[1] for line in history(broken)] == ["paused"]
    assert broken.study_code not in caplog.text
    assert f"step {broken.pk} failed: RelatedObjectDoesNotExist" in caplog.text


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_page_pauses_with_a_day_and_keeps_what_was_typed_when_it_is_wrong(care, woman):
    client, url = signed_in(care.supervisor), reverse("participant_status", args=[woman.study_code])
    yesterday, later = (timezone.localdate() + timedelta(days=days) for days in (-1, 5))

    wrong = client.post(url, {"to": "paused", "reason": "travel", "return_on": yesterday.isoformat()})
    assert "posterior a hoy" in wrong.content.decode()
    assert f'value="{yesterday.isoformat()}"' in wrong.content.decode()
    other = client.post(url, {"to": "lost", "reason": "travel"})
    assert "motivo que corresponda" in other.content.decode()

    client.post(url, {"to": "paused", "reason": "travel", "return_on": later.isoformat()})

    assert history(woman) == [("enrolled", "paused", "travel", later)]
    page = client.get(reverse("participant_history", args=[woman.study_code])).content.decode()
    assert "Viaje" in page
    assert care.supervisor.display_name in page


def test_the_history_begins_with_the_screening(care):
    woman = enrol(care.supervisor)
    page = signed_in(care.supervisor).get(reverse("participant_history", args=[woman.study_code]))
    assert [line.label for line in page.context["lines"]] == ["Inscrita", "Cumple los requisitos"]


def test_the_list_to_come_back_shows_what_is_due_and_sets_another_day(care, woman):
    now = timezone.now()
    today = timezone.localdate(now)
    woman.status = "paused"
    woman.save()
    StatusChange.objects.create(
        participant=woman, from_status="enrolled", to_status="paused", reason="safety", at=now, expected_return_on=today
    )
    client = signed_in(care.supervisor)
    page = client.get(reverse("pause_list")).content.decode()
    assert "Decidir hoy" in page

    later = today + timedelta(days=3)
    url = reverse("pause_postpone", args=[woman.study_code])
    assert client.post(url, {"return_on": today.isoformat()}).context["form"].errors
    client.post(url, {"return_on": later.isoformat()})

    assert history(woman)[-1] == ("paused", "paused", "safety", later)
    assert "Decidir hoy" not in client.get(reverse("pause_list")).content.decode()


def test_nobody_rests_says_so_and_only_the_own_stations_women_stand_there(care, woman):
    ParticipantFactory(status="paused")
    page = signed_in(care.supervisor).get(reverse("pause_list"))
    assert page.context["rows"] == []
    assert "Nadie está en pausa" in page.content.decode()


@pytest.mark.parametrize("women", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(care, women, django_assert_num_queries):
    for _ in range(women):
        rested = ParticipantFactory(station=care.station, status="paused")
        StatusChange.objects.create(participant=rested, to_status="paused", reason="travel", at=NOW)
    client = signed_in(care.supervisor)
    with django_assert_num_queries(4):
        assert len(client.get(reverse("pause_list")).context["rows"]) == women
