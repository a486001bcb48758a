"""Releases from the asking to the end: who decides, who gets them, and what becomes of them."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import PermissionMissing
from audit.models import Event
from panel import services
from panel.models import Release, ReleasePiece, ReleaseWoman
from panel.pseudonyms import pseudonym
from panel.release_states import TRANSITIONS, ReleaseState, may_become
from panel.services.cutting import pseudonym_key
from participants.models import Consent, HeldSecret, Participant
from tests.factories import NOW, TODAY
from tests.panel.releasing import MAKER, approved, ask, downloaded, made, make_team, manifest, opened, ready, renewed

DAY = timedelta(days=1)


@pytest.fixture
def team(small_study):
    return make_team()


@pytest.fixture
def release(team) -> Release:
    return ready(team.researcher, team.statistician)


# --- Made ------------------------------------------------------------------------------------------------------------


def test_waits_for_a_second_person_where_groups_are_small(team):
    release = made(ask(team.researcher))
    assert (release.state, release.needs) == ("waiting", ["small_groups", "same_answers"])
    assert release.report["women"] == 22
    assert release.report["k"] == 1


@pytest.mark.requirement("N10")
def test_is_packed_once_approved(team, release):
    content = downloaded(release, team.researcher)
    revision = release.revisions.get()
    said = manifest(content)
    assert (release.state, release.progress, revision.number) == ("ready", 100, 1)
    assert hashlib.sha256(content).hexdigest() == revision.sha256
    assert said["rows"]["panel_wave"] == 110
    assert (said["requested_by"], said["approved_by"]) == (
        f"researcher-{team.researcher.pk}",
        f"statistician-{team.statistician.pk}",
    )
    files = opened(content)
    assert said["sha256"] == {
        name: hashlib.sha256(file).hexdigest() for name, file in files.items() if name != "MANIFEST.json"
    }


def test_codes_are_the_releases_own_unless_stable_ones_were_asked_for(team, release):
    again = ready(team.other, team.statistician)
    stable = ready(team.researcher, team.statistician, stable_codes=True)
    one, two, three = (codes(downloaded(found, by)) for found, by in (
        (release, team.researcher), (again, team.other), (stable, team.researcher)
    ))  # fmt: skip
    assert len(one) == len(two) == len(three) == 22
    assert not one & two
    assert not one & three
    assert "stable_codes" in stable.needs


def codes(content: bytes) -> set[str]:
    lines = opened(content)["data/panel_wave.csv"].decode().splitlines()[1:]
    return {line.split(",")[0] for line in lines}


def test_code_in_python_is_that_of_the_statement(team, release):
    expected = {
        pseudonym(woman.participant.study_code, pseudonym_key(release))
        for woman in ReleaseWoman.objects.filter(release=release).select_related("participant")
    }
    assert codes(downloaded(release, team.researcher)) == expected


def test_the_same_is_not_asked_for_twice_at_a_time(team):
    ask(team.researcher)
    with pytest.raises(services.ReleaseAskedAlready):
        ask(team.researcher)
    assert Release.objects.count() == HeldSecret.objects.filter(name__startswith="release ").count() == 1
    ask(team.other)


@pytest.mark.parametrize(
    "terms",
    [
        {"datasets": ("women",)},
        {"datasets": ()},
        {"forms": ("xlsx",)},
        {"forms": ()},
        {"generalised": ("without_woman",)},
        {"datasets": ("panel_wave", "panel_wave")},
        {"purpose": "  "},
    ],
)
def test_unclear_terms_are_refused(team, terms):
    with pytest.raises(services.ReleaseTermsUnclear):
        ask(team.researcher, **terms)


# --- A second person -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N18")
def test_owner_does_not_approve_her_own(team):
    release = made(ask(team.statistician, with_arm=True))
    assert release.needs[0] == "arm"
    with pytest.raises(services.SecondPersonNeeded):
        services.approve_release(by=team.statistician, release=release, note="", now=NOW)
    release.decided_by, release.decided_at = team.statistician, NOW
    with pytest.raises(IntegrityError, match="panel_release_second_person"), transaction.atomic():
        release.save()


def test_nobody_decides_twice(team):
    release = made(ask(team.researcher))
    services.approve_release(by=team.statistician, release=release, note="", now=NOW)
    for again in (services.approve_release, services.refuse_release):
        with pytest.raises(services.ReleaseMovedOn):
            again(by=team.statistician, release=release, note="", now=NOW)


def test_database_refuses_what_is_ready_undecided(team):
    release = made(ask(team.researcher))
    with pytest.raises(IntegrityError, match="panel_release_not_ready_undecided"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(state="ready")


def test_researcher_decides_nothing(team):
    release = made(ask(team.researcher))
    with pytest.raises(PermissionMissing):
        services.approve_release(by=team.other, release=release, note="", now=NOW)


def test_of_what_is_turned_down_nothing_is_kept(team):
    release = made(ask(team.researcher))
    refused = services.refuse_release(by=team.administrator, release=release, note="Generalise age", now=NOW)
    assert (refused.state, refused.decision_note) == ("refused", "Generalise age")
    assert not ReleasePiece.objects.exists()
    assert not ReleaseWoman.objects.exists()
    assert HeldSecret.objects.get(pk=refused.secret_id).wrapped is None


# --- Given out -------------------------------------------------------------------------------------------------------


def test_only_the_owner_downloads_each_time_on_record(team, release):
    for other in (team.other, team.statistician):
        with pytest.raises(services.ReleaseNotYours):
            downloaded(release, other)
    with pytest.raises(PermissionMissing):
        downloaded(release, team.administrator)
    downloaded(release, team.researcher)
    downloaded(release, team.researcher)
    events = Event.objects.filter(action="panel.download_release")
    assert [(event.object_id, event.actor_role) for event in events] == [(str(release.pk), "researcher")] * 2


def test_blinded_role_gets_no_arm(team, release):
    with pytest.raises(PermissionMissing):
        ask(team.researcher, with_arm=True)
    arm = ready(team.statistician, team.administrator, with_arm=True)
    assert list(Release.objects.visible_to(team.researcher)) == [release]
    assert list(Release.objects.visible_to(team.administrator)) == [arm, release]
    assert b"training" in downloaded_bytes(arm, team.statistician)
    assert b"training" not in downloaded_bytes(release, team.researcher)


def downloaded_bytes(release, by) -> bytes:
    files = opened(downloaded(release, by))
    return b"".join(files[name] for name in ("data/panel_wave.csv", "codebook.csv", "datapackage.json", "codebook.xml"))


@pytest.mark.requirement("N10")
def test_is_rebuilt_byte_for_byte_after_data_and_labels_changed(team, release, tmp_path):
    Participant.objects.update(age_at_enrolment=99)
    Consent.objects.filter(scope="linkage").update(given_at=NOW)
    assert services.rebuild_release(by=MAKER, release=release, folder=tmp_path)
    newer = ready(team.researcher, team.statistician)
    assert newer.report != release.report


# --- Consent ends ----------------------------------------------------------------------------------------------------


def first_woman(release) -> Participant:
    return ReleaseWoman.objects.filter(release=release, by_visits=True).first().participant


@pytest.mark.requirement("N26")
@pytest.mark.parametrize("ends", ["surveys", "visits", "erased", "lapsed"])
def test_who_ends_her_consent_is_taken_out_of_what_was_frozen(team, release, ends, tmp_path):
    woman = first_woman(release)
    before = downloaded(release, team.researcher)
    code = pseudonym(woman.study_code, pseudonym_key(release))
    if ends == "erased":
        Participant.objects.filter(pk=woman.pk).update(data_erased_at=NOW)
    elif ends == "lapsed":
        woman.consents.filter(scope="surveys").update(lapses_on=TODAY)
    else:
        woman.consents.filter(scope=ends).update(ended_at=NOW)
    # at once it is not given out any more
    with pytest.raises(services.ReleaseOutdated):
        downloaded(release, team.researcher)
    after = renewed(release, tmp_path)
    # then it is there without her, and says so
    content = downloaded(after, team.researcher)
    assert code in codes(before)
    assert code not in "".join(part.decode("latin1") for part in opened(content).values())
    assert codes(before) - codes(content) == {code}
    assert manifest(content)["revision"] == 2
    assert manifest(content)["rows_removed_since_first_revision"] > 0
    assert not ReleasePiece.objects.filter(file__revision__release=release, file__revision__number=1).exists()


@pytest.mark.requirement("N26")
def test_yes_does_not_hold_for_a_reason_that_came_up_with_fewer_rows(team, release, tmp_path):
    Release.objects.filter(pk=release.pk).update(needs=["arm"])  # as if no group had been small when yes was said
    first_woman(release).consents.filter(scope="surveys").update(ended_at=NOW)
    after = renewed(release, tmp_path)
    assert (after.state, after.decided_by) == ("waiting", None)
    assert "small_groups" in after.needs
    with pytest.raises(services.ReleaseNotReady):
        downloaded(after, team.researcher)
    assert downloaded(approved(after, team.administrator), team.researcher)
    # whoever said yes to that is not asked again
    first_woman(release).consents.filter(scope="surveys").update(ended_at=NOW)
    assert renewed(release, tmp_path).decided_by == team.administrator


def test_scope_that_she_never_gave_takes_nobody_out(team, release):
    never = ReleaseWoman.objects.filter(release=release, by_reports=False).first().participant
    assert not never.consents.filter(scope="linkage", ended_at=None, lapses_on=None).exists()
    assert not ReleaseWoman.objects.filter(release=release).not_allowed_on(TODAY).exists()


def test_owner_learns_that_her_copy_is_old(team, release, tmp_path):
    downloaded(release, team.researcher)
    first_woman(release).consents.filter(scope="surveys").update(ended_at=NOW)
    assert renewed(release, tmp_path).has_old_copy


def test_withdrawn_while_it_waits(team, tmp_path):
    release = made(ask(team.researcher))
    first_woman(release).consents.filter(scope="surveys").update(ended_at=NOW)
    release = renewed(release, tmp_path)
    assert (release.state, release.revision, release.report["women"]) == ("waiting", 2, 21)
    content = downloaded(approved(release, team.statistician), team.researcher)
    assert len(codes(content)) == 21


# --- Workers ---------------------------------------------------------------------------------------------------------


def test_dead_worker_is_followed_by_another(team):
    release = ask(team.researcher)
    now = NOW
    first = services.claim_release(by=MAKER, release_id=release.pk, now=now)
    assert services.claim_release(by=MAKER, release_id=release.pk, now=now) is None
    late = now + services.BROKEN_OFF
    second = services.claim_release(by=MAKER, release_id=release.pk, now=late)
    assert (first.attempt, second.attempt) == (1, 2)
    with pytest.raises(services.BuildSuperseded):
        services.keep_cut(by=MAKER, release=first, cuts=[], now=late)


def test_three_dead_workers_are_enough(team):
    release = ask(team.researcher)
    now = NOW
    for _ in range(services.ATTEMPTS):
        assert services.claim_release(by=MAKER, release_id=release.pk, now=now)
        now += services.BROKEN_OFF
    assert services.claim_release(by=MAKER, release_id=release.pk, now=now) is None
    release.refresh_from_db()
    assert (release.state, release.error) == ("failed", "stopped")
    retried = services.retry_release(by=team.researcher, release=release, now=now)
    assert made(retried).state == "waiting"


def test_making_twice_changes_nothing(team, release):
    assert made(release).state == "ready"
    assert release.revisions.count() == 1


# --- The end ---------------------------------------------------------------------------------------------------------


def test_is_destroyed_when_its_time_is_over(team, release):
    over = NOW + timedelta(days=1826)
    with pytest.raises(services.ReleaseNotReady):
        downloaded(release, team.researcher, now=over)
    assert services.expire_releases(by=MAKER, now=over - DAY) == 0
    assert services.expire_releases(by=MAKER, now=over) == 1
    assert services.expire_releases(by=MAKER, now=over) == 0
    release.refresh_from_db()
    assert release.state == "destroyed"
    assert not ReleasePiece.objects.exists()
    assert HeldSecret.objects.get(pk=release.secret_id).wrapped is None


def test_owner_alone_destroys_it_before(team, release):
    with pytest.raises(services.ReleaseNotYours):
        services.destroy_release(by=team.other, release=release, now=NOW)
    assert services.destroy_release(by=team.researcher, release=release, now=NOW).state == "destroyed"
    with pytest.raises(services.ReleaseNotReady):
        services.destroy_release(by=team.researcher, release=release, now=NOW)


def test_every_state_has_its_transitions():
    assert set(TRANSITIONS) == set(ReleaseState)
    assert may_become("waiting", "refused")
    assert not may_become("refused", "queued")
