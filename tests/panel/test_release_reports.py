"""The report on a release: asked for with one click, made by a worker, kept with its release, read by its owner."""

import csv
import json
import zipfile
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.errors import StudyError
from accounts.roles import Role
from audit.models import Event
from panel import services, tasks
from panel.analysis_plan import plan_sha256
from panel.models import Release, ReleaseFile, ReleasePiece, ReleaseReport
from panel.plan_states import PlanStanding
from panel.report_parts import TAKEN_AWAY, ReportPart
from panel.reports.making import Order
from panel.services.drawn import drawn_stations
from panel.services.report_making import note_step, the_plan
from participants.models import Consent
from tests.architecture.reading import pdf_text, zip_text
from tests.factories import NOW, UserFactory
from tests.panel.planning import AMENDED, locked_plan, unblinded
from tests.panel.releasing import MAKER, ask, downloaded, made, make_team, ready, renewed
from tests.panel.test_release_views import signed_in

PAGE, ASK, FILE = "release_report", "release_report_ask", "release_report_file"


@pytest.fixture
def team(small_study):
    # The pages go by today's clock: no consent runs out meanwhile.
    Consent.objects.update(lapses_on=None)
    return make_team()


@pytest.fixture
def release(team):
    return ready(team.researcher, team.statistician, datasets=("panel_wave",), forms=("csv",))


def asked(release: Release, *, now=NOW) -> ReleaseReport:
    return services.ask_report(by=release.requested_by, release=release, now=now)


def kept(report: ReleaseReport, folder, *, now=NOW, body="<p>Nada</p>") -> ReleaseReport:
    """Let a worker keep a report whose parts say next to nothing: the analysis itself takes seconds."""
    claimed = services.claim_report(by=MAKER, report_id=report.pk, now=now)
    parts = {}
    for language in ("es", "en"):
        for part in ("cuerpo", "pagina", "papel", "latex", "tablas"):
            parts[f"{part}-{language}"] = folder / f"{part}-{language}"
    parts |= {name: folder / name for name in ("resultados", "repetir")}
    for name, path in parts.items():
        path.write_text(body if name.startswith("cuerpo") else name, encoding="utf-8")
    order = Order(data=folder, plan=the_plan(), language="es", made_at=now, rng=object())
    return services.keep_report(by=MAKER, report=claimed, order=order, parts=parts, now=now)


def address(name, release, *args) -> str:
    return reverse(name, args=[release.pk, *args])


def page_of(user, release, language="en") -> str:
    client = signed_in(user)
    client.cookies["idioma"] = language
    return client.get(address(PAGE, release)).content.decode()


def read(release, *, now=NOW, language="es") -> str:
    return services.read_report(by=release.requested_by, release=release, language=language, now=now)


@pytest.mark.requirement("F46")
@pytest.mark.requirement("N11")
def test_one_click_leads_to_the_whole_report_in_both_languages(team, release):
    client = signed_in(team.researcher)
    client.cookies["idioma"] = "en"
    assert "Make the report" in client.get(reverse("release_detail", args=[release.pk])).content.decode()
    assert client.post(address(ASK, release))["Location"] == address(PAGE, release)
    report = ReleaseReport.objects.get()
    assert "It begins as soon as a worker is free." in page_of(team.researcher, release)
    tasks.build_report(report_id=report.pk)
    report.refresh_from_db()
    assert (report.state, report.error, report.percent, report.is_blinded) == ("ready", "", 100, True)
    english, spanish = (page_of(team.researcher, release, language) for language in ("en", "es"))
    assert ("BLINDED" in english, "CEGADO" in spanish) == (True, True)
    # the flow from its beginning, and the effects
    assert 'id="trial_flow"' in english
    assert "Women enrolled" in english
    assert 'id="effects_physical"' in english
    assert "style=" not in english.split("report-body")[1]
    parts = {part: b"".join(client.get(address(FILE, release, part)).streaming_content) for part in TAKEN_AWAY}
    results = json.loads(parts[ReportPart.RESULTS])
    assert results["is_blinded"] is True
    assert results["trial_flow"]["stations"]["drawn"] == len(results["trial_flow"]["arms"]) == 4
    assert results["plan_sha256"] == report.plan_sha256
    assert "BLINDED" in pdf_text(parts[ReportPart.PAPER])
    assert r"\toprule" in zip_text(parts[ReportPart.LATEX])
    assert "# Effects by model: Physical assault" in zip_text(parts[ReportPart.TABLES])
    assert "coef_test" in zip_text(parts[ReportPart.SCRIPTS])
    given = Event.objects.filter(action="panel.download_report").order_by("pk")
    assert [event.details["part"] for event in given] == [str(part) for part in TAKEN_AWAY]
    assert Event.objects.filter(action="panel.read_report").count() == 2


def test_no_report_of_a_release_names_an_arm_of_the_protocol(small_study):
    assert set(drawn_stations().candidates.arms) == {"–", "training", "risk_scale", "training + risk_scale"}


def test_empty_page_offers_to_make_one(team, release):
    content = page_of(team.researcher, release)
    assert "No report yet" in content
    assert address(ASK, release) in content


def test_two_clicks_ask_for_one(release):
    assert asked(release) == asked(release)
    assert ReleaseReport.objects.count() == 1


def test_page_says_how_far_it_is(team, release):
    report = services.claim_report(by=MAKER, report_id=asked(release).pk, now=NOW)
    note_step(report=report, done=18, total=72, now=NOW)
    content = page_of(team.researcher, release)
    assert '<progress id="progress" max="100" value="25">' in content
    assert "18 of 72 steps" in content
    assert address(ASK, release) not in content


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("stopped", "stopped three times"),
        ("report_impossible", "cannot be estimated on what this release holds"),
        ("release_outdated", "somebody ended her consent"),
        ("release_damaged", "Something went wrong"),
    ],
)
def test_failure_says_why_and_can_be_tried_again(team, release, error, sentence):
    report = services.claim_report(by=MAKER, report_id=asked(release).pk, now=NOW)
    services.fail_report(by=MAKER, report=report, error=error, now=NOW)
    content = page_of(team.researcher, release)
    assert sentence in content
    assert "Make the report again" in content
    again = asked(release)
    assert (again.state, again.pk > report.pk) == ("queued", True)


def test_dead_worker_is_followed_by_another_and_leaves_nothing(release, tmp_path):
    report = asked(release)
    first = services.claim_report(by=MAKER, report_id=report.pk, now=NOW)
    note_step(report=first, done=3, total=72, now=NOW + timedelta(minutes=4))
    early, later = NOW + timedelta(minutes=8), NOW + timedelta(minutes=10)
    assert services.claim_report(by=MAKER, report_id=report.pk, now=early) is None
    second = services.claim_report(by=MAKER, report_id=report.pk, now=later)
    assert (second.attempt, second.steps_done) == (2, 0)
    # the first was not dead but slow: it may not write any more
    with pytest.raises(services.BuildSuperseded):
        note_step(report=first, done=4, total=72, now=later)
    order = Order(data=tmp_path, plan=the_plan(), language="es", made_at=NOW)
    with pytest.raises(services.BuildSuperseded):
        services.keep_report(by=MAKER, report=first, order=order, parts={}, now=later)
    assert not ReleaseFile.objects.filter(kind="report").exists()


def test_three_dead_workers_are_a_failure(release):
    report = asked(release)
    for number in range(4):
        services.claim_report(by=MAKER, report_id=report.pk, now=NOW + timedelta(minutes=6 * number))
    report.refresh_from_db()
    assert (report.state, report.error) == ("failed", "stopped")


def test_new_report_takes_the_place_of_the_former(release, tmp_path):
    first = kept(asked(release), tmp_path, body="<p>Primero</p>")
    assert read(release) == "<p>Primero</p>"
    second = asked(release)
    assert read(release) == "<p>Primero</p>"
    kept(second, tmp_path, body="<p>Segundo</p>")
    first.refresh_from_db()
    assert read(release) == "<p>Segundo</p>"
    assert first.state == "replaced"
    assert not ReleasePiece.objects.filter(file__report=first).exists()


@pytest.mark.requirement("F46")
def test_withdrawn_consent_ends_the_report_and_marks_it_old(team, release, tmp_path):
    report = kept(asked(release), tmp_path)
    opened = services.open_report(by=team.researcher, release=release, part=ReportPart.PAPER, language="es", now=NOW)
    assert b"".join(opened.file.content) == b"papel-es"
    woman = release.women.filter(by_surveys=True).first()
    Consent.objects.filter(participant=woman.participant_id, scope="surveys").update(ended_at=timezone.now())
    with pytest.raises(services.ReleaseOutdated):
        read(release)
    assert "being made again without the data of somebody" in page_of(team.researcher, release)
    renewed(release, tmp_path)
    release.refresh_from_db()
    if release.state != "ready":
        made(services.approve_release(by=team.statistician, release=release, note="", now=NOW))
    release.refresh_from_db()
    content = page_of(team.researcher, release)
    assert "The report is old" in content
    assert "Delete what you downloaded of it." in content
    assert not ReleasePiece.objects.filter(file__report=report).exists()
    with pytest.raises(services.ReportNotThere):
        read(release)
    kept(asked(release), tmp_path)
    assert "The report is old" not in page_of(team.researcher, release)


def test_report_begun_before_rows_were_taken_out_is_not_kept(team, release, tmp_path):
    report = asked(release)
    claimed = services.claim_report(by=MAKER, report_id=report.pk, now=NOW)
    Release.objects.filter(pk=release.pk).update(revision=2)
    order = Order(data=tmp_path, plan=the_plan(), language="es", made_at=NOW)
    with pytest.raises(services.ReleaseOutdated):
        services.keep_report(by=MAKER, report=claimed, order=order, parts={}, now=NOW)


def test_report_goes_with_its_release(team, release, tmp_path):
    report = kept(asked(release), tmp_path)
    services.destroy_release(by=team.researcher, release=release, now=NOW)
    with pytest.raises(services.ReleaseNotReady):
        read(release)
    assert not ReleasePiece.objects.filter(file__report=report).exists()
    assert "This release is not ready." in page_of(team.researcher, release)


def test_report_does_not_outlive_the_day_of_its_release(release, tmp_path):
    kept(asked(release), tmp_path)
    with pytest.raises(services.ReleaseNotReady):
        read(release, now=NOW + timedelta(days=(release.kept_until - NOW.date()).days + 2))


def test_release_without_the_panel_has_none(team):
    release = ready(team.researcher, team.statistician, datasets=("surveys",), forms=("csv",))
    with pytest.raises(services.ReleaseWithoutPanel):
        asked(release)
    client = signed_in(team.researcher)
    assert address(ASK, release) not in client.get(reverse("release_detail", args=[release.pk])).content.decode()


def test_release_that_waits_has_none(team):
    with pytest.raises(services.ReleaseNotReady):
        asked(made(ask(team.researcher)))


def test_release_that_cannot_bear_the_plan_says_so(team):
    release = ready(
        team.researcher, team.statistician, datasets=("panel_wave",), forms=("csv",), generalised=("without_station",)
    )
    report = asked(release)
    tasks.build_report(report_id=report.pk)
    report.refresh_from_db()
    assert (report.state, report.error) == ("failed", "report_impossible")


def test_release_itself_is_as_it_was(team, release, tmp_path):
    before = downloaded(release, team.researcher)
    kept(asked(release), tmp_path)
    assert downloaded(release, team.researcher) == before
    assert services.rebuild_release(by=MAKER, release=release, folder=tmp_path)


# --- Plan and unblinding ---------------------------------------------------------------------------------------------


def ordered(release, folder):
    report = services.claim_report(by=MAKER, report_id=asked(release).pk, now=NOW)
    return report, services.order_report(by=MAKER, report=report, folder=folder, now=NOW)


def test_without_a_locked_plan_the_shipped_one_is_run_and_said_so(release, tmp_path):
    _report, order = ordered(release, tmp_path)
    assert (order.standing, order.rng is None) == (PlanStanding.NOT_LOCKED, False)


def test_report_follows_the_plan_that_is_locked(release, tmp_path):
    plan = locked_plan(source=AMENDED)
    _report, order = ordered(release, tmp_path)
    assert plan_sha256(order.plan) == plan.sha256
    assert "after" in [model.code for model in order.plan.models]
    assert (order.standing, order.rng is None) == (PlanStanding.LOCKED, False)


@pytest.mark.requirement("F46")
@pytest.mark.requirement("N11")
def test_recorded_unblinding_gives_the_report_the_true_arms(team, release, tmp_path):
    plan = locked_plan()
    unblinded()
    report, order = ordered(release, tmp_path)
    parts = services.analyse_release(report=report, order=order, folder=tmp_path / "parts")
    kept_report = services.keep_report(by=MAKER, report=report, order=order, parts=parts, now=NOW)
    assert (kept_report.is_blinded, kept_report.plan_sha256) == (False, plan.sha256)
    assert json.loads(parts["resultados"].read_text())["is_blinded"] is False
    letters = {letter: given.tolist() for letter, given in drawn_stations().factors.items()}
    with zipfile.ZipFile(parts["repetir"]) as archive:
        rows = list(csv.DictReader(archive.read("arms.csv").decode().splitlines()))
    given = {row["station"]: [row["training"] == "1", row["risk_scale"] == "1"] for row in rows if row["wave"] != "0"}
    assert given == {letter: letters[letter] for letter in given}
    assert "CEGADO" not in read(release)
    assert "BLINDED" not in page_of(team.researcher, release)


# --- Who ------------------------------------------------------------------------------------------------------------


def test_another_researcher_neither_reads_nor_makes_nor_takes_one(team, release, tmp_path):
    kept(asked(release), tmp_path)
    client = signed_in(team.other)
    answers = [client.get(address(PAGE, release)), client.post(address(ASK, release)),
               client.get(address(FILE, release, "papel"))]  # fmt: skip
    assert {answer["Location"] for answer in answers} == {reverse("release_detail", args=[release.pk])}
    told = [str(message) for answer in answers for message in get_messages(answer.wsgi_request)]
    assert len(told) >= len(answers)
    for call in (services.ask_report, services.read_report):
        more = {"language": "es"} if call is services.read_report else {}
        with pytest.raises(services.ReleaseNotYours):
            call(by=team.other, release=release, now=NOW, **more)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESEARCHER, Role.STATISTICIAN}))
def test_others_have_no_way_to_it(release, role):
    client = signed_in(UserFactory(role=role))
    answers = [client.get(address(PAGE, release)), client.post(address(ASK, release)),
               client.get(address(FILE, release, "papel"))]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_owner_who_may_not_read_the_arm_any_more_gets_none(team, tmp_path):
    release = ready(team.statistician, team.administrator, datasets=("panel_wave",), forms=("csv",), with_arm=True)
    kept(asked(release), tmp_path)
    team.statistician.role = Role.RESEARCHER
    team.statistician.save()
    assert signed_in(team.statistician).get(address(PAGE, release)).status_code == 404
    with pytest.raises(StudyError):
        services.read_report(by=team.statistician, release=release, language="es", now=NOW)


def test_a_part_that_there_is_not_is_not_found(team, release, tmp_path):
    kept(asked(release), tmp_path)
    client = signed_in(team.researcher)
    # what is read on the page is no file to take away
    assert [client.get(address(FILE, release, part)).status_code for part in ("mapa", "cuerpo")] == [404, 404]


def test_sweep_finds_what_no_worker_took(release, small_study):
    report = asked(release)
    assert list(ReleaseReport.objects.filter(services.reports_to_make(NOW))) == [report]
