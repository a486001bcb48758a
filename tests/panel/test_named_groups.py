"""Once unblinding is recorded the groups have names: for whom the protocol lets know, and nobody else."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import SystemActor
from accounts.permissions import Permission, PermissionMissing
from accounts.roles import Role
from panel import queries, services
from panel.codebook import codebook_csv
from panel.tables import find
from tests.factories import NOW, UserFactory
from tests.panel.planning import unblinded
from tests.panel.releasing import ask, made, make_team

TREATMENTS = {"training", "risk_scale", "training_x_risk_scale"}


def columns(*, reads_arm, name="panel_wave"):
    return {column.name: column for column in find(queries.datasets(reads_arm=reads_arm), name).columns}


def header(user) -> set[str]:
    out = io.BytesIO()
    dataset = find(queries.datasets(reads_arm=queries.reads_arm(user)), "panel_wave")
    services.export_dataset(by=user, dataset=dataset, out=out, now=NOW)
    return set(next(csv.reader(io.StringIO(out.getvalue().decode()))))


@pytest.mark.requirement("F46", "F37")
@pytest.mark.parametrize("name", ["panel_wave", "panel_week", "panel_month", "participants", "stations", "surveys"])
def test_groups_are_named_once_it_is_recorded(small_study, name):
    for reads_arm in (True, False):
        assert columns(reads_arm=reads_arm, name=name)["group"].values == ()
    unblinded()
    named = columns(reads_arm=True, name=name)["group"].values
    assert [number for number, _label in named] == ["1", "2", "3", "4"]
    assert "Training" in named[0][1].en
    assert columns(reads_arm=False, name=name)["group"].values == ()


def test_codebook_says_which_group_is_which_to_whom_it_may(small_study):
    unblinded()
    dataset = find(queries.datasets(reads_arm=True), "stations")
    told = codebook_csv(dataset.written(reads_arm=True))
    assert columns(reads_arm=True)["group"].values[0][1].es in told


def test_researcher_gets_the_arms_when_it_is_recorded(small_study):
    researcher = UserFactory(role=Role.RESEARCHER)
    assert not header(researcher) & TREATMENTS
    assert find(queries.datasets(reads_arm=queries.reads_arm(researcher)), "training") is None
    unblinded()
    assert header(researcher) >= TREATMENTS
    training = find(queries.datasets(reads_arm=queries.reads_arm(researcher)), "training")
    assert services.export_dataset(by=researcher, dataset=training, out=io.BytesIO(), now=NOW) > 0


def test_part_of_the_system_that_was_not_given_the_arms_has_none(small_study):
    unblinded()
    plain = SystemActor("test", frozenset({Permission.EXPORT_PANEL}))
    assert not header(plain) & TREATMENTS
    with pytest.raises(PermissionMissing):
        services.export_dataset(
            by=plain, dataset=find(queries.datasets(reads_arm=True), "training"), out=io.BytesIO(), now=NOW
        )


def test_release_with_the_arms_is_for_researchers_once_it_is_recorded(small_study):
    team = make_team()
    with pytest.raises(PermissionMissing):
        ask(team.researcher, with_arm=True)
    before = made(ask(team.researcher))
    unblinded()
    release = made(ask(team.researcher, with_arm=True))
    assert release.with_arm
    assert "arm" in release.needs
    assert not before.with_arm


@pytest.mark.parametrize(("role", "is_named"), [(Role.RESEARCHER, True), (Role.ETHICS_BOARD, False)])
def test_flow_of_the_study_names_the_groups_to_researchers_alone(small_study, role, is_named):
    client = Client()
    client.force_login(UserFactory(role=role), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["idioma"] = "en"
    before = client.get(reverse("trial_flow")).content.decode()
    unblinded()
    after = client.get(reverse("trial_flow")).content.decode()
    name = columns(reads_arm=True)["group"].values[0][1].en
    assert name not in before
    assert (name in after) is is_named
