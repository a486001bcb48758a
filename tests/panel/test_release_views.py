"""The pages about releases: who sees and does what, and what they say."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event
from panel.models import Release
from participants.models import Consent
from tests.factories import NOW, UserFactory
from tests.panel.releasing import ask, made, make_team, opened, ready

ASKED = {
    "purpose": "Headline paper",
    "datasets": ["panel_wave"],
    "file_forms": ["csv", "dta"],
    "language": "en",
    "shape": "long",
    "generalised": ["without_station"],
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def team(small_study):
    # The pages go by today's clock: no consent runs out meanwhile.
    Consent.objects.update(lapses_on=None)
    return make_team()


def page(user, name, *args) -> str:
    return signed_in(user).get(reverse(name, args=args)).content.decode()


def test_asking_leads_to_the_page_that_says_how_far_it_is(team):
    response = signed_in(team.researcher).post(reverse("release_ask"), ASKED)
    release = Release.objects.get()
    assert response["Location"] == reverse("release_detail", args=[release.pk])
    assert (release.datasets, release.forms, release.language) == (["panel_wave"], ["csv", "dta"], "en")
    assert release.generalised == ["without_station"]
    assert '<progress id="progress" max="100" value="0">' in page(team.researcher, "release_detail", release.pk)


def test_what_was_typed_is_kept_when_something_is_missing(team):
    response = signed_in(team.researcher).post(reverse("release_ask"), {**ASKED, "datasets": []})
    content = response.content.decode()
    assert 'value="Headline paper"' in content
    assert not Release.objects.exists()


@pytest.mark.requirement("F44")
def test_panels_are_wide_where_that_was_asked_for(team):
    signed_in(team.researcher).post(reverse("release_ask"), {**ASKED, "shape": "both"})
    release = Release.objects.get()
    assert release.shape == "both"
    assert "Ambas" in page(team.researcher, "release_detail", release.pk)
    refused = signed_in(team.researcher).post(
        reverse("release_ask"), {**ASKED, "datasets": ["participants"], "shape": "wide"}
    )
    assert "Ninguna de estas tablas tiene forma ancha" in refused.content.decode()
    assert 'value="Headline paper"' in refused.content.decode()


@pytest.mark.parametrize(("with_arm", "stored"), [("on", False), ("", False)])
def test_researcher_is_not_offered_the_arm_and_cannot_ask_for_it(team, with_arm, stored):
    assert "with_arm" not in page(team.researcher, "release_ask")
    signed_in(team.researcher).post(reverse("release_ask"), {**ASKED, "with_arm": with_arm})
    assert Release.objects.get().with_arm is stored


def test_statistician_may_ask_for_the_arm(team):
    signed_in(team.statistician).post(reverse("release_ask"), {**ASKED, "with_arm": "on"})
    release = Release.objects.get()
    assert release.with_arm
    response = signed_in(team.researcher).get(reverse("release_detail", args=[release.pk]))
    assert response.status_code == 404


@pytest.mark.requirement("N10")
def test_second_person_decides_and_the_owner_downloads(team):
    release = made(ask(team.researcher, datasets=("panel_wave",), forms=("csv",)))
    decide, download = (reverse(name, args=[release.pk]) for name in ("release_decide", "release_download"))
    assert reverse("release_detail", args=[release.pk]) in page(team.administrator, "release_waiting")
    assert decide not in page(team.researcher, "release_detail", release.pk)
    assert signed_in(team.researcher).post(decide, {"yes": "1"}).status_code == 403
    assert decide in page(team.administrator, "release_detail", release.pk)
    signed_in(team.administrator).post(decide, {"yes": "1", "note": "Fine"})
    made(release)
    response = signed_in(team.researcher).get(download)
    content = b"".join(response.streaming_content)
    assert response["Content-Disposition"] == f'attachment; filename="entrega-{release.pk:03d}-1.zip"'
    assert int(response["Content-Length"]) == len(content)
    assert "data/panel_wave.csv" in opened(content)
    # nobody else, and on record
    assert signed_in(team.other).get(download)["Location"] == reverse("release_detail", args=[release.pk])
    assert signed_in(team.administrator).get(download).status_code == 403
    assert Event.objects.filter(action="panel.download_release").count() == 1


def test_owner_reads_what_to_make_coarser(team):
    release = made(ask(team.researcher))
    content = page(team.researcher, "release_detail", release.pk)
    assert "<code>age_band</code>" in content
    assert "<code>station</code>" in content


def test_turned_down_says_why(team):
    release = made(ask(team.researcher))
    signed_in(team.statistician).post(reverse("release_decide", args=[release.pk]), {"no": "1", "note": "Less detail"})
    assert "«Less detail»" in page(team.researcher, "release_detail", release.pk)


def test_changes_name_tables_and_counts_and_no_code(team):
    first, second = (
        ready(team.researcher, team.statistician, datasets=("panel_wave",), forms=forms) for forms in (["csv"], ["dta"])
    )
    content = page(team.researcher, "release_changes", second.pk, first.pk)
    assert reverse("release_detail", args=[second.pk]) in content
    assert "panel_wave" in content
    assert not [woman for woman in first.women.all() if woman.participant.study_code in content]


def test_list_is_empty_at_first(team):
    assert reverse("release_ask") in page(team.researcher, "release_list")
    assert page(team.administrator, "release_waiting").count("empty-title") == 1


@pytest.mark.parametrize("releases", [1, 3])
def test_list_costs_the_same_queries_for_any_number(team, django_assert_num_queries, releases):
    for number in range(releases):
        ask(team.researcher, purpose=f"Paper {number}", language="en", forms=("csv", "dta", "sav")[: number + 1])
    client = signed_in(team.researcher)
    client.get(reverse("release_list"))
    with django_assert_num_queries(5):
        client.get(reverse("release_list"))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESEARCHER, Role.STATISTICIAN, Role.ADMINISTRATOR}))
def test_others_see_no_release(team, role):
    release = ask(team.researcher, now=NOW)
    client = signed_in(UserFactory(role=role))
    answers = [client.get(reverse("release_list")), client.get(reverse("release_detail", args=[release.pk]))]
    assert [answer.status_code for answer in answers] == [403, 403]
