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
from panel.datasets import find
from panel.queries import datasets
from panel.services import export_codebook, export_dataset
from stations.models import AllocatedStation, Allocation, Posting
from tests.factories import NOW, TODAY, UserFactory
from tests.panel.test_panel_wave import LIMA, RESEARCHER, STATISTICIAN
from training.models import Attendance, Session

pytestmark = pytest.mark.django_db


def the_dataset():
    return find(datasets(reads_arm=True), "training")


def exported():
    out = io.BytesIO()
    export_dataset(by=STATISTICIAN, dataset=the_dataset(), out=out, now=NOW)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def slow_rows():
    """Every cell as text, one station and month after the other, by loops."""
    locked_on = Allocation.objects.get().locked_at.astimezone(LIMA).date()
    months = []
    first = locked_on.replace(day=1)
    while first <= TODAY:
        following = (first + timedelta(days=31)).replace(day=1)
        months.append((first, min(following - timedelta(days=1), TODAY)))
        first = following
    drawn = AllocatedStation.objects.order_by("blinded_letter")
    return [slow_row(one, number, *month) for one in drawn for number, month in enumerate(months)]


def slow_row(drawn, number, first: date, last: date):
    serving = list(Posting.objects.serving(last).filter(station=drawn.station))
    counted = Attendance.objects.filter(counts=True, session__status="held", session__held_on__lte=last)
    modules = [set(counted.filter(officer=o.officer).values_list("module", flat=True)) for o in serving]
    held = Session.objects.filter(station=drawn.station, status="held", held_on__range=(first, last))
    scores = {
        name: [getattr(row, name) for row in Attendance.objects.filter(session__in=held) if row.came]
        for name in ("score_before", "score_after")
    }
    complete = sum({1, 2} <= own for own in modules)
    row = {
        "station": drawn.blinded_letter,
        "month": number,
        "training": int(drawn.arm in ("training", "both")),
        "officers": len(serving),
        "module_1": sum(1 in own for own in modules),
        "module_2": sum(2 in own for own in modules),
        "all_modules": complete,
        "coverage": f"{complete / len(serving):.4f}" if serving else None,
        "sessions": held.count(),
        **{name: f"{sum(found) / len(found):.2f}" if found else None for name, found in scores.items()},
    }
    return {name: "" if value is None else str(value) for name, value in row.items()}


@pytest.mark.requirement("F52")
def test_coverage_equals_the_slow_count(small_study):
    rows = exported()
    assert rows == slow_rows()
    assert {row["coverage"] for row in rows} > {"", "0.0000"}
    assert len(rows) == 4 * 14


def test_every_column_is_in_the_codebook_with_its_labels(small_study):
    lines = list(csv.DictReader(io.StringIO(codebook_csv(the_dataset().columns))))
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
    assert b"".join(answer.streaming_content).startswith(b"station,month,training,officers,module_1,module_2")
    call_command(
        "export_panel", "--dataset", "training", "--format", file_format, "--with-arm", "--out", tmp_path,
        stdout=io.StringIO(),
    )  # fmt: skip
    assert (tmp_path / f"training.{file_format}").stat().st_size > 0
