"""What the schedule does for releases, and making one again from the command line."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from panel import services, tasks
from panel.models import Release, ReleaseFile
from participants.models import Consent
from tests.factories import NOW
from tests.fixtures.databases import empty_queue
from tests.panel.releasing import ask, made, make_team, ready


@pytest.fixture
def team(small_study):
    # The schedule goes by today's clock: no consent runs out meanwhile.
    Consent.objects.update(lapses_on=None)
    return make_team()


@pytest.fixture
def queue():
    empty_queue()
    yield
    empty_queue()


def test_sweep_takes_women_out_and_ends_what_was_kept_long_enough(team, queue):
    kept, over = (ready(team.researcher, team.statistician, forms=forms) for forms in (("csv",), ("dta",)))
    Release.objects.filter(pk=over.pk).update(kept_until=timezone.localdate() - timedelta(days=1))
    woman = kept.women.first().participant
    woman.consents.filter(scope="surveys").update(ended_at=timezone.now())
    tasks.sweep_releases()
    tasks.sweep_releases()
    kept.refresh_from_db()
    over.refresh_from_db()
    assert (kept.state, kept.revision, kept.women.filter(participant=woman).exists()) == ("queued", 2, False)
    assert over.state == "destroyed"
    assert made(kept).state == "ready"


def test_sweep_leaves_alone_what_is_as_it_should_be(team, queue):
    release = ready(team.researcher, team.statistician)
    tasks.sweep_releases()
    release.refresh_from_db()
    assert (release.state, release.revision) == ("ready", 1)


def test_table_that_is_gone_fails_the_release_with_its_reason(team):
    release = ask(team.researcher)
    Release.objects.filter(pk=release.pk).update(datasets=["gone"])
    failed = made(release)
    assert (failed.state, failed.error) == ("failed", "dataset_gone")


def test_worker_that_was_superseded_says_nothing(team):
    release = ask(team.researcher)
    services.claim_release(by=tasks.MAKER, release_id=release.pk, now=timezone.now())
    assert made(release).state == "building"


@pytest.mark.requirement("N10")
def test_command_makes_it_again(team, capsys):
    release = ready(team.researcher, team.statistician)
    call_command("rebuild_release", str(release.pk))
    assert capsys.readouterr().out == f"release {release.pk}: the same, byte for byte\n"
    ReleaseFile.objects.filter(revision__release=release, kind="archive").update(sha256="0" * 64)
    with pytest.raises(CommandError, match=r"other bytes than those given out$") as other:
        call_command("rebuild_release", str(release.pk))
    services.destroy_release(by=team.researcher, release=release, now=NOW)
    with translation.override("en"), pytest.raises(CommandError, match=r"^This release is not ready\.$") as gone:
        call_command("rebuild_release", str(release.pk))
    with pytest.raises(CommandError, match=r"^999999: there is no such release$") as unknown:
        call_command("rebuild_release", "999999")
    assert [found.value.returncode for found in (other, gone, unknown)] == [1, 2, 2]
