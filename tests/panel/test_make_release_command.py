"""`manage.py make_release`: as on the page, for the person it is for."""

import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from panel import services
from panel.models import Release
from participants.models import Consent
from tests.factories import NOW
from tests.panel.releasing import made, make_team


@pytest.fixture
def team(small_study):
    Consent.objects.update(lapses_on=None)
    return make_team()


def run(user, out, *more):
    with translation.override("en"):
        call_command("make_release", "--by", user.username, "--out", str(out), *more)


def test_waits_for_a_second_person_and_is_fetched_then(team, tmp_path, capsys):
    run(team.researcher, tmp_path, "--purpose", "A paper", "--dataset", "panel_wave", "--format", "csv", "sav")
    release = Release.objects.get()
    assert capsys.readouterr().out == (f"release {release.pk} waits for a second person: small_groups, same_answers\n")
    made(services.approve_release(by=team.statistician, release=release, note="", now=NOW))
    run(team.researcher, tmp_path / "new", "--number", str(release.pk))
    path = tmp_path / "new" / f"entrega-{release.pk:03d}-1.zip"
    assert capsys.readouterr().out == f"{path}\n"
    with zipfile.ZipFile(path) as archive:
        assert {"data/panel_wave.csv", "data/panel_wave.sav"} <= set(archive.namelist())


@pytest.mark.requirement("F44")
def test_panels_can_be_wide(team, tmp_path):
    run(team.researcher, tmp_path, "--purpose", "A paper", "--dataset", "panel_month", "surveys", "--shape", "wide")
    release = Release.objects.get()
    made(services.approve_release(by=team.statistician, release=release, note="", now=NOW))
    run(team.researcher, tmp_path, "--number", str(release.pk))
    with zipfile.ZipFile(tmp_path / f"entrega-{release.pk:03d}-1.zip") as archive:
        assert {name for name in archive.namelist() if name.startswith("data/")} == {
            "data/panel_month_wide.csv",
            "data/surveys.csv",
        }


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--purpose", "A paper", "--dataset", "women"], "^Choose at least one table"),
        (["--purpose", "", "--dataset", "panel_wave"], "^Choose at least one table"),
        (["--purpose", "A paper", "--dataset", "risk", "panel_week", "--shape", "wide"], "^Choose at least one table"),
        (["--purpose", "A paper", "--dataset", "panel_week", "--shape", "wide"], "^None of these tables has a wide"),
        (["--purpose", "A paper", "--with-arm"], "^Your role does not allow"),
        (["--number", "999"], "^999: there is no such release$"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(team, tmp_path, more, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        run(team.researcher, tmp_path, *more)
    assert refused.value.returncode == 2


def test_unknown_person_gets_nothing(small_study, tmp_path):
    with pytest.raises(CommandError, match=r"^nadie: there is no such account$"):
        call_command("make_release", "--by", "nadie", "--out", str(tmp_path))
