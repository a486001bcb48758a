"""The pictures of a codebook are counted ahead: as they would be counted now, with the moment, as long as they fit."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from audit.models import Event
from panel import services, tasks
from panel.models import DatasetPicture
from panel.queries import column_summaries, datasets, pictures
from panel.queries.pictures import OLDEST
from panel.tables import find
from participants.models import Consent
from tests.factories import NOW, TODAY, UserFactory


@pytest.fixture
def study(small_study):
    Consent.objects.update(lapses_on=None)
    return small_study


def of(name, *, reads_arm=True):
    dataset = find(datasets(reads_arm=reads_arm), name)
    return dataset, [column for column in dataset.visible(reads_arm=reads_arm) if not column.is_companion]


@pytest.mark.requirement("F46")
@pytest.mark.parametrize("name", ["panel_wave", "participants", "stations", "training", "visits"])
def test_what_was_counted_ahead_is_what_would_be_counted_now(study, name):
    services.count_columns(by=tasks.COUNTER, dataset=find(datasets(reads_arm=True), name), now=NOW)
    for reads_arm in (True, False):
        if find(datasets(reads_arm=reads_arm), name) is None:
            continue
        dataset, columns = of(name, reads_arm=reads_arm)
        found = pictures(dataset, columns, now=NOW + timedelta(hours=6), reads_arm=reads_arm)
        assert found.counted_at == NOW
        for first in range(0, len(columns), 12):
            some = columns[first : first + 12]
            live = column_summaries(dataset, some, today=TODAY, reads_arm=reads_arm)
            assert found.summaries[first : first + 12] == live


@pytest.mark.requirement("F46")
def test_page_shows_them_with_their_moment_and_without_making_a_row(study, django_assert_num_queries):
    tasks.count_columns()
    assert DatasetPicture.objects.count() == len(datasets(reads_arm=True)) == 9
    assert Event.objects.filter(action="panel.count_columns").count() == 9
    client = Client()
    client.force_login(UserFactory(role=Role.RESEARCHER), backend="django.contrib.auth.backends.ModelBackend")
    moment = timezone.localtime(DatasetPicture.objects.get(dataset="panel_week").counted_at)
    page = client.get(reverse("dataset_detail", args=["panel_week"]))
    with override("es"):
        counted_on = f"Contado el {date_format(moment, 'SHORT_DATETIME_FORMAT')}."
    assert counted_on in page.content.decode()
    with django_assert_num_queries(7):
        client.get(reverse("dataset_detail", args=["panel_week"]))


def test_old_pictures_and_those_of_other_codes_are_counted_anew(study):
    dataset, columns = of("participants")
    services.count_columns(by=tasks.COUNTER, dataset=dataset, now=NOW)
    late = NOW + OLDEST
    assert pictures(dataset, columns[:3], now=late, reads_arm=True).counted_at == late
    kept = DatasetPicture.objects.get()
    kept.columns["age_band"]["bars"] = kept.columns["age_band"]["bars"][:-1]
    kept.save()
    banded = [column for column in columns if column.name == "age_band"]
    soon = NOW + timedelta(hours=1)
    assert pictures(dataset, banded, now=soon, reads_arm=True).counted_at == soon
    del kept.columns["station"]
    kept.save()
    lettered = [column for column in columns if column.name == "station"]
    assert pictures(dataset, lettered, now=soon, reads_arm=True).counted_at == soon
    assert pictures(dataset, columns[:1], now=soon, reads_arm=True).counted_at == NOW


def test_counting_twice_keeps_one_and_asks_for_permission(study):
    dataset, _columns = of("risk")
    for later in range(2):
        services.count_columns(by=tasks.COUNTER, dataset=dataset, now=NOW + timedelta(hours=later))
    assert DatasetPicture.objects.get().counted_at == NOW + timedelta(hours=1)
    with pytest.raises(PermissionMissing):
        services.count_columns(by=SystemActor("x", frozenset({Permission.EXPORT_PANEL})), dataset=dataset, now=NOW)


def test_no_cell_of_few_women_is_kept(study):
    dataset, _columns = of("participants")
    picture = services.count_columns(by=tasks.COUNTER, dataset=dataset, now=NOW)
    rows = [bar[3] for column in picture.columns.values() for bar in column["bars"]]
    rows += [part[1] for column in picture.columns.values() for part in column["missing"]]
    assert [count for count in rows if count is not None and 0 < count < 5] == []
