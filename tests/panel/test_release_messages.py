"""Whoever asked for a release is written once of what became of it, and whoever may decide once that it waits."""

from datetime import timedelta

import pytest

from monitoring import tasks
from monitoring.models import StaffMessage
from monitoring.presenters.messages import messages_due
from monitoring.telling import TELL_WITHIN
from panel import services
from panel.models import Release
from tests.factories import NOW
from tests.panel.releasing import approved, ask, made, make_team

SENT: list[tuple[str, str]] = []
NEWS = "Hay novedades de lo que pidió en la agenda. Ingrese para verlas."


class KeepingSender:
    def send(self, address: str, text: str) -> None:
        SENT.append((address, text))


@pytest.fixture(autouse=True)
def sending(settings):
    SENT.clear()
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.KeepingSender"}


@pytest.fixture
def team(small_study):
    found = make_team()
    for name, person in vars(found).items():
        person.work_email, person.language = f"{name}@example.org", "es"
        person.save()
    return found


def send(now=NOW) -> list[tuple[str, str]]:
    before = len(SENT)
    for due in messages_due(now):
        if due.kind in ("release_news", "release_waiting"):
            tasks.send_once(due, now=now)
    return SENT[before:]


def moment(release) -> Release:
    """The worker goes by its own clock; here it is that of the test."""
    Release.objects.filter(pk=release.pk).update(state_changed_at=NOW)
    return release


@pytest.mark.requirement("N10")
def test_who_may_decide_is_written_once_and_the_owner_when_it_is_ready(team):
    release = moment(made(ask(team.researcher)))
    told = send()
    assert [address for address, _text in told] == ["statistician@example.org", "administrator@example.org"]
    assert {text for _address, text in told} == {"Algo espera su decisión en la agenda. Ingrese para verlo."}
    assert send() == []
    moment(approved(release, team.statistician))
    assert send() == [("researcher@example.org", NEWS)]
    assert send() == []
    assert {(one.kind, one.about) for one in StaffMessage.objects.all()} == {
        ("release_waiting", f"{release.pk}.1"), ("release_news", f"{release.pk}.1.ready"),
    }  # fmt: skip


def test_who_asked_does_not_decide_and_hears_of_a_no(team):
    release = moment(made(ask(team.statistician)))
    assert [address for address, _text in send()] == ["administrator@example.org"]
    moment(services.refuse_release(by=team.administrator, release=release, note="", now=NOW))
    assert send() == [("statistician@example.org", NEWS)]


def test_old_news_and_people_without_address_or_gone_are_left_alone(team):
    for person in (team.statistician, team.administrator):
        person.work_email = ""
        person.save()
    release = moment(made(ask(team.researcher)))
    moment(approved(release, team.statistician))
    assert send(NOW + TELL_WITHIN) == []
    team.researcher.is_active = False
    team.researcher.save()
    assert send(NOW + timedelta(hours=1)) == []
