"""Coverage by station and month against a slow count, and kept from whoever is blinded."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from panel.codebook import codebook_csv
from panel.queries import datasets
from panel.services import export_codebook, export_dataset
from panel.tables import find
from stations.models import AllocatedStation, Allocation, Posting
from tests.factories import NOW, TODAY, UserFactory
from tests.panel.test_panel_wave import LIMA, RESEARCHER, STATISTICIAN, with_why
from training.models import Attendance, Session
from training.queries.coverage import coverage

pytestmark = pytest.mark.django_db


def the_dataset():
    return find(datasets(reads_arm=True), "training")


def exported():
    out = io.BytesIO()
    export_dataset(by=STATISTICIAN, dataset=the_dataset(), out=out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def month_number(day: date) -> int:
    return 12 * day.year + day.month


def slow_rows():
    """Every cell as text, one station and month after the other, by loops."""
    locked_on = Allocation.objects.get().locked_at.astimezone(LIMA).date()
    held = Session.objects.filter(status="held").values_list("held_on", flat=True)
    months = []
    first = min(locked_on, *held).replace(day=1)
    while first <= TODAY:
        following = (first + timedelta(days=31)).replace(day=1)
        months.append((month_number(first) - month_number(locked_on), first, min(following - timedelta(days=1), TODAY)))
        first = following
    drawn = AllocatedStation.objects.order_by("blinded_letter")
    return [slow_row(one, *month) for one in drawn for month in months]


def slow_row(drawn, number, first: date, last: date):
    serving = list(Posting.objects.serving(last).filter(station=drawn.station))
    counted = Attendance.objects.filter(counts=True, session__status="held", session__held_on__lte=last)
    modules = [set(counted.filter(officer=o.officer).values_list("module", flat=True)) for o in serving]
    held = Session.objects.filter(station=drawn.station, status="held", held_on__range=(first, last))
    with_one, complete = {n: sum(n in own for own in modules) for n in (1, 2)}, sum({1, 2} <= own for own in modules)
    row = {
        "station": drawn.blinded_letter,
        "month": number,
        "training": int(drawn.arm in ("training", "both")),
        "officers": len(serving),
        **{f"module_{n}": count for n, count in with_one.items()},
        **{
            name: value
            for n, count in with_one.items()
            for name, value in with_why(
                f"coverage_{n}", f"{count / len(serving):.4f}" if serving else None, "not_applicable"
            ).items()
        },
        "all_modules": complete,
        **with_why("coverage", f"{complete / len(serving):.4f}" if serving else None, "not_applicable"),
        "sessions": held.count(),
        "catch_ups": sum(session.kind == "catch_up" for session in held),
        "deviations": sum(session.deviation_reason != "" for session in held),
        **slow_scores(held, 1),
        **slow_scores(held, 2),
    }
    return {name: "" if value is None else str(value) for name, value in row.items()}


def slow_scores(held, module):
    pairs = Attendance.objects.filter(session__in=held, module=module).values_list("score_before", "score_after")
    tested = [pair for pair in pairs if None not in pair]
    means = [sum(scores) / len(tested) for scores in zip(*tested, strict=True)] if tested else [None, None]
    before, after = (None if mean is None else f"{mean:.4f}" for mean in means)
    return {
        f"tested_{module}": len(tested),
        **with_why(f"score_before_{module}", before, "not_applicable"),
        **with_why(f"score_after_{module}", after, "not_applicable"),
    }


@pytest.mark.requirement("F52")
def test_coverage_equals_the_slow_count(small_study):
    rows = exported()
    assert rows == slow_rows()
    assert {row["coverage"] for row in rows} > {"", "0.0000"}
    assert len(rows) == 4 * 16
    # the world has something to find in every column
    for name in rows[0]:
        assert len({row[name] for row in rows}) > 1, name


def test_page_of_coverage_agrees_with_this_month(small_study):
    rows = {row["station"]: row for row in exported() if row["month"] == "13"}
    lines = coverage(on=TODAY)
    assert len(lines) == 2
    for line in lines:
        row = rows[line.station.blinded_letter]
        found = (line.officers, *line.attended.values(), line.complete)
        assert tuple(int(row[name]) for name in ("officers", "module_1", "module_2", "all_modules")) == found


def test_posting_by_mistake_does_not_count(small_study, stations):
    posting = Posting.objects.serving(TODAY).filter(station=stations[1]).first()
    before = int(exported()[15]["officers"])
    Posting.objects.filter(pk=posting.pk).update(withdrawn_at=NOW, withdrawn_reason="By mistake")
    assert int(exported()[15]["officers"]) == before - 1


def test_without_sessions_there_are_the_months_since_the_draw(stations):
    rows = exported()
    assert [row["month"] for row in rows[:14]] == [str(number) for number in range(14)]
    assert {(row["officers"], row["coverage"], row["tested_1"]) for row in rows} == {("0", "", "0")}


@pytest.mark.parametrize("sessions", [1, 3])
def test_export_costs_the_same_queries_for_any_number(stations, django_assert_num_queries, sessions):
    for days in range(sessions):
        Session.objects.create(station=stations[1], modules=[1], held_on=TODAY - timedelta(days=days), status="held")
    dataset = the_dataset()
    with django_assert_num_queries(5):  # savepoint, protocol's hash, copy's event with its link, release
        export_dataset(by=STATISTICIAN, dataset=dataset, out=io.BytesIO(), now=NOW)


def test_page_shows_it_to_the_statistician_without_an_estimate(small_study):
    client = Client()
    client.force_login(UserFactory(role=Role.STATISTICIAN))
    section = client.get(reverse("dataset_list")).content.decode().partition('aria-labelledby="dataset-training"')[2]
    assert reverse("dataset_download", args=["training"]) in section
    assert "manage.py estimate" not in section


def test_every_column_is_in_the_codebook_with_its_labels(small_study):
    lines = list(csv.DictReader(io.StringIO(codebook_csv(the_dataset().written(reads_arm=True)))))
    assert {line["name"] for line in lines} == set(exported()[0])


def test_coverage_is_kept_from_whoever_is_blinded(small_study, tmp_path):
    assert find(datasets(reads_arm=False), "training") is None
    for act in (
        lambda: export_dataset(by=RESEARCHER, dataset=the_dataset(), out=io.BytesIO(), now=NOW),
        lambda: export_codebook(by=RESEARCHER, dataset=the_dataset()),
    ):
        with pytest.raises(PermissionMissing):
            act()
    client = Client()
    client.force_login(UserFactory(role=Role.RESEARCHER))
    assert "training" not in [shown["name"] for shown in client.get(reverse("dataset_list")).context["datasets"]]
    for page in ("dataset_download", "codebook_download"):
        assert client.get(reverse(page, args=["training"])).status_code == 404
    with pytest.raises(CommandError, match="training: this data set tells the arm; it is exported --with-arm alone"):
        call_command("export_panel", "--dataset", "training", "--out", tmp_path)


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_statistician_takes_it_by_page_and_command(small_study, tmp_path, file_format):
    client = Client()
    client.force_login(UserFactory(role=Role.STATISTICIAN))
    answer = client.get(reverse("dataset_download", args=["training"]))
    assert b"".join(answer.streaming_content).startswith(
        b"station,month,training,officers,module_1,module_2,coverage_1,coverage_1_why"
    )
    call_command(
        "export_panel", "--dataset", "training", "--format", file_format, "--with-arm", "--out", tmp_path,
        stdout=io.StringIO(),
    )  # fmt: skip
    assert (tmp_path / f"training.{file_format}").stat().st_size > 0
