"""Two workers, or two people, at one release at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.roles import Role
from panel import services
from panel.models import Release, ReleaseReport
from tests.factories import NOW, ProtocolVersionFactory, UserFactory
from tests.panel.releasing import MAKER, ask, made


def at_once(attempts):
    together = Barrier(len(attempts))

    def run(attempt):
        together.wait()
        try:
            return attempt()
        except services.ReleaseAskedAlready as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def test_one_worker_makes_a_release(committed_study):
    ProtocolVersionFactory()
    release = ask(UserFactory(role=Role.RESEARCHER))
    found = at_once([lambda: services.claim_release(by=MAKER, release_id=release.pk, now=NOW) for _ in range(2)])
    assert sorted(claimed is None for claimed in found) == [False, True]
    release.refresh_from_db()
    assert release.attempt == 1


def test_the_same_asked_for_twice_at_once_is_there_once(committed_study):
    ProtocolVersionFactory()
    researcher = UserFactory(role=Role.RESEARCHER)
    found = at_once([lambda: ask(researcher) for _ in range(2)])
    assert found.count("release_asked_already") == 1
    assert Release.objects.count() == 1


def test_two_clicks_at_once_make_one_report(committed_study):
    ProtocolVersionFactory()
    researcher, statistician = (UserFactory(role=role) for role in (Role.RESEARCHER, Role.STATISTICIAN))
    release = made(ask(researcher, datasets=("panel_wave",), forms=("csv",)))
    if release.state == Release.State.WAITING:
        release = made(services.approve_release(by=statistician, release=release, note="", now=NOW))
    found = at_once([lambda: services.ask_report(by=researcher, release=release, now=NOW).pk for _ in range(2)])
    assert len(set(found)) == 1
    assert ReleaseReport.objects.count() == 1


def test_one_worker_makes_a_report(committed_study):
    ProtocolVersionFactory()
    researcher, statistician = (UserFactory(role=role) for role in (Role.RESEARCHER, Role.STATISTICIAN))
    release = made(ask(researcher, datasets=("panel_wave",), forms=("csv",)))
    if release.state == Release.State.WAITING:
        release = made(services.approve_release(by=statistician, release=release, note="", now=NOW))
    report = services.ask_report(by=researcher, release=release, now=NOW)
    found = at_once([lambda: services.claim_report(by=MAKER, report_id=report.pk, now=NOW) for _ in range(2)])
    assert sorted(claimed is None for claimed in found) == [False, True]
