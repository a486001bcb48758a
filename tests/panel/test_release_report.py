"""A report on a release: by its owner, on shuffled arms, of nobody who does not agree any more."""

import json

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from audit.models import Event
from panel import services
from panel.reports.shuffling import with_factors
from panel.services.drawn import drawn_stations
from participants.models import Consent
from tests.factories import NOW
from tests.panel.planning import unblinded
from tests.panel.releasing import ask, made, make_team, ready
from tests.panel.test_analysis_plan import FILE


@pytest.fixture
def team(small_study):
    Consent.objects.update(lapses_on=None)
    return make_team()


def run(user, release, out, *more):
    with translation.override("en"):
        call_command("report", "--release", str(release.pk), "--by", user.username, "--plan", str(FILE),
                     "--language", "en", "--out", str(out), *more)  # fmt: skip


@pytest.mark.requirement("F46")
def test_owner_gets_a_shuffled_report_without_ever_having_the_arms(team, tmp_path, capsys):
    release = ready(team.researcher, team.statistician)
    run(team.researcher, release, tmp_path)
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["is_blinded"] is True
    assert {effect["model"] for effect in found["effects"]} >= {"saturated", "short", "ancova", "post", "by_wave"}
    assert any(effect["estimate"] for effect in found["effects"])
    assert "BLINDED" in (tmp_path / "report.html").read_text()
    event = Event.objects.filter(action="panel.bring_out_panel").get()
    assert (event.object_type, event.object_id) == ("release", str(release.pk))


def test_columns_of_the_arms_are_those_of_the_draw(small_study):
    drawn = drawn_stations()
    frame = pl.DataFrame({"station": ["C", "A", "D", "B", "B"], "wave": [1, 1, 1, 1, 0]})
    found = with_factors(frame, drawn.factors, cluster="station", time="wave", base="0")
    assert found.select("training", "risk_scale", "training_x_risk_scale").rows() == [
        (0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1), (0, 0, 0),
    ]  # fmt: skip


def test_whoever_did_not_ask_for_it_gets_none(team, tmp_path):
    release = ready(team.researcher, team.statistician)
    with pytest.raises(services.ReleaseNotYours):
        services.bring_out_panel(by=team.other, release=release, folder=tmp_path, now=NOW)


def test_release_that_waits_gives_none(team, tmp_path):
    with pytest.raises(services.ReleaseNotReady):
        services.bring_out_panel(by=team.researcher, release=made(ask(team.researcher)), folder=tmp_path, now=NOW)


def test_release_without_the_panel_gives_none(team, tmp_path):
    release = ready(team.researcher, team.statistician, datasets=("surveys",))
    with pytest.raises(services.ReleaseWithoutPanel):
        services.bring_out_panel(by=team.researcher, release=release, folder=tmp_path, now=NOW)


@pytest.mark.parametrize("scope", [Consent.Scope.SURVEYS, Consent.Scope.VISITS, Consent.Scope.LINKAGE])
def test_nobody_who_ended_her_consent_is_in_one(team, tmp_path, scope):
    release = ready(team.researcher, team.statistician)
    field = {"surveys": "by_surveys", "visits": "by_visits", "linkage": "by_reports"}[scope]
    woman = release.women.filter(**{field: True}).first()
    Consent.objects.filter(participant=woman.participant_id, scope=scope).update(ended_at=timezone.now())
    with pytest.raises(services.ReleaseOutdated):
        services.bring_out_panel(by=team.researcher, release=release, folder=tmp_path, now=NOW)


def test_true_arms_wait_for_the_act_and_the_plan_for_its_lock(team, tmp_path):
    release = ready(team.researcher, team.statistician)
    with pytest.raises(CommandError, match=r"^Unblinding is not recorded yet\.$") as refused:
        run(team.researcher, release, tmp_path, "--unblinded")
    assert refused.value.returncode == 2
    run(team.researcher, release, tmp_path / "open")
    effects = (tmp_path / "open" / "tables" / "effects_physical.csv").read_text()
    assert "Exploratory: the plan of this report is not locked." in effects
    assert "By the plan." not in effects

    unblinded()
    run(team.researcher, release, tmp_path / "named", "--unblinded")
    found = json.loads((tmp_path / "named" / "results.json").read_text())
    assert (found["is_blinded"], found["plan_standing"]) == (False, "locked")
    assert any(effect["estimate"] for effect in found["effects"])
    named = (tmp_path / "named" / "tables" / "effects_physical.csv").read_text()
    assert "By the plan." in named
    assert "BLINDED" not in named


def test_certificate_is_not_asked_for_beside_a_release(team, tmp_path):
    release = ready(team.researcher, team.statistician)
    with pytest.raises(CommandError, match=r"^--release: it goes by the locked draw"):
        run(team.researcher, release, tmp_path, "--certificate", "x.json")
