"""A release is made again and compared for whoever asks on its page: by a worker, once at a time, on record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from panel import services, tasks
from panel.models import Release, ReleaseCheck, ReleaseFile
from participants.models import Consent
from tests.factories import NOW, UserFactory
from tests.fixtures.databases import empty_queue
from tests.panel.releasing import MAKER, ask, made, make_team, ready, renewed

State = ReleaseCheck.State


@pytest.fixture
def team(small_study):
    Consent.objects.update(lapses_on=None)
    return make_team()


@pytest.fixture
def release(team) -> Release:
    return ready(team.researcher, team.statistician, shape="both")


def checked(release, by) -> ReleaseCheck:
    check = services.ask_check(by=by, release=release, now=NOW)
    tasks.check_release(check_id=check.pk)
    check.refresh_from_db()
    return check


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.requirement("N10")
def test_the_same_bytes_come_out_and_the_page_says_so(team, release):
    client, detail = signed_in(team.other), reverse("release_detail", args=[release.pk])
    client.post(reverse("release_check", args=[release.pk]))
    check = release.checks.get()
    waiting = client.get(detail).content.decode()
    assert (check.state, check.asked_by) == ("queued", team.other)
    assert 'value="0" aria-label="Avance"' in waiting
    assert reverse("release_check", args=[release.pk]) not in waiting
    tasks.check_release(check_id=check.pk)
    page = client.get(detail).content.decode()
    assert "Igual, byte por byte" in page
    assert reverse("release_check", args=[release.pk]) in page
    said = Event.objects.filter(action__in=["panel.ask_check", "panel.claim_check", "panel.check_release"]).order_by(
        "pk"
    )
    assert [event.action for event in said] == ["panel.ask_check", "panel.claim_check", "panel.check_release"]
    assert said[2].details["outcome"] == "same"


@pytest.mark.requirement("N10")
def test_other_bytes_are_told(team, release):
    ReleaseFile.objects.filter(revision__release=release, kind="archive").update(sha256="0" * 64)
    assert checked(release, team.researcher).state == "different"
    page = signed_in(team.researcher).get(reverse("release_detail", args=[release.pk])).content.decode()
    assert "Otros bytes que los entregados" in page


def test_progress_grows_with_the_files(team, release, tmp_path):
    check = services.ask_check(by=team.researcher, release=release, now=NOW)
    claimed = services.claim_check(by=MAKER, check_id=check.pk, now=NOW)
    services.note_check(check=claimed, share=0.5)
    check.refresh_from_db()
    assert (check.state, check.progress) == ("building", 50)
    services.packed_again(claimed, tmp_path)
    check.refresh_from_db()
    assert check.progress == 95


def test_one_at_a_time_and_only_of_what_is_ready(team, release):
    services.ask_check(by=team.researcher, release=release, now=NOW)
    with pytest.raises(services.CheckAskedAlready):
        services.ask_check(by=team.other, release=release, now=NOW)
    with pytest.raises(services.ReleaseNotReady):
        services.ask_check(by=team.researcher, release=made(ask(team.researcher, forms=("dta",))), now=NOW)


def test_dead_worker_is_followed_and_three_are_enough(team, release):
    check = services.ask_check(by=team.researcher, release=release, now=NOW)
    now, tries = NOW, []
    for _ in range(services.ATTEMPTS):
        tries.append(services.claim_check(by=MAKER, check_id=check.pk, now=now))
        assert services.claim_check(by=MAKER, check_id=check.pk, now=now) is None
        now += services.BROKEN_OFF
    services.finish_check(by=MAKER, check=tries[0], sha256="0" * 64, now=now)
    check.refresh_from_db()
    assert check.state == "building"
    assert services.claim_check(by=MAKER, check_id=check.pk, now=now) is None
    check.refresh_from_db()
    assert check.state == "failed"


def test_rows_taken_out_meanwhile_end_it(team, release, tmp_path):
    check = services.ask_check(by=team.researcher, release=release, now=NOW)
    release.women.first().participant.consents.filter(scope="surveys").update(ended_at=NOW)
    renewed(release, tmp_path)
    tasks.check_release(check_id=check.pk)
    check.refresh_from_db()
    assert (check.state, check.revision) == ("failed", 1)


def test_sweep_sends_on_what_waits(team, release):
    empty_queue()
    now = timezone.now()
    check = services.ask_check(by=team.researcher, release=release, now=now)
    found = ReleaseCheck.objects.to_make(now, broken_off=services.BROKEN_OFF)
    assert list(found) == [check]
    tasks.sweep_releases()
    services.claim_check(by=MAKER, check_id=check.pk, now=now)
    assert not found.all().exists()
    assert ReleaseCheck.objects.to_make(now + timedelta(hours=1), broken_off=services.BROKEN_OFF).exists()
    empty_queue()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OFFICER, Role.INTERVIEWER])
def test_others_do_not_ask(team, release, role):
    answer = signed_in(UserFactory(role=role)).post(reverse("release_check", args=[release.pk]))
    assert answer.status_code == 403
    assert not ReleaseCheck.objects.exists()
