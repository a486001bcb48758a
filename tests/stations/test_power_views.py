"""The page of detectable effects: the user's own numbers, what was typed kept, nobody else let in."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def statistician(client):
    user = UserFactory(role=Role.STATISTICIAN)
    client.force_login(user)
    client.cookies["idioma"] = "en"
    return user


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace(" ,", ",").replace(" :", ":")


def test_page_opens_with_what_the_protocol_plans(client, statistician, protocol):
    response = client.get(reverse("power"))
    assert response.context["form"].data["por_grupo"] == "4"
    assert response.context["form"].data["por_estacion"] == "100"
    page = shown(response)
    assert "13.1 One factor as a whole points; 0.262 standard deviations" in page
    assert "20.5 Two arms points; 0.409 standard deviations" in page
    assert (
        "Two arms, 4 stations against 4: only differences larger than 20.5 points. That is a fall from 50% to 29.5%."
        in page
    )
    assert "(interaction): only from 26.3 points, twice what one factor needs." in page
    assert "with 16 stations an effect of one factor below 10.7 points, or a difference of two arms below 16.8" in page


def test_words_follow_the_numbers_typed(client, statistician, protocol):
    page = shown(client.get(reverse("power"), {"por_grupo": "8", "icc": "0,05", "prevalencia": "20", "efecto": "10"}))
    assert "One factor as a whole, 16 stations with it against 16 without: differences from 10.0 points." in page
    assert (
        "Two arms, 8 stations against 8: only differences larger than 14.7 points. That is a fall from 20% to 5.3%."
        in page
    )
    assert "with 32 stations" in page
    assert "An effect of 10 points would be found in 80 of 100 such trials if it is one of a factor as a whole" in page


@pytest.mark.parametrize(("prevalence", "icc", "said"), [("50", "0.02", 0), ("14", "0.02", 1), ("10", "0.1", 2)])
def test_effect_larger_than_the_prevalence_is_said_to_be_so(client, statistician, protocol, prevalence, icc, said):
    page = shown(client.get(reverse("power"), {"prevalencia": prevalence, "icc": icc}))
    reminder = f"That is more than the whole {prevalence}%: not even an end of it altogether would be found reliably."
    assert page.count(reminder) == said
    assert ("That is a fall from" in page) == (said == 0)


def test_without_likeness_no_floor_is_named(client, statistician, protocol):
    assert "More women do not help" not in shown(client.get(reverse("power"), {"icc": "0"}))


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("por_grupo", "1", "expected a whole number from 2 to 200, found '1'"),
        ("por_grupo", "201", "expected a whole number from 2 to 200, found '201'"),
        ("por_grupo", "4.5", "expected a whole number from 2 to 200, found '4.5'"),
        ("por_estacion", "", "expected a whole number from 2 to 5000, found ''"),
        ("icc", "-0.1", "expected a number from 0 to 0.5, found '-0.1'"),
        ("icc", "0.51", "expected a number from 0 to 0.5, found '0.51'"),
        ("icc", "nan", "expected a number from 0 to 0.5, found 'nan'"),
        ("prevalencia", "0", "expected a number from 1 to 99, found '0'"),
        ("potencia", "50", "expected a number from 51 to 99, found '50'"),
        ("efecto", "<b>", "expected a number from 0.1 to 99, found '<b>'"),
    ],
)
def test_bad_number_is_kept_and_answered_with_what_was_expected(client, statistician, protocol, name, typed, expected):
    response = client.get(reverse("power"), {name: typed})
    assert response.context["form"].errors == {name: [expected]}
    assert response.context["form"][name].value() == typed
    assert "What it shows" not in shown(response)
    assert "Nothing was calculated yet. Please look at this:" in shown(response)


@pytest.mark.parametrize(
    "right", [{"por_grupo": "2"}, {"por_grupo": "200"}, {"icc": "0.5"}, {"icc": " .5 "}, {"potencia": "51"}]
)
def test_number_on_the_boundary_is_taken(client, statistician, protocol, right):
    assert "What it shows" in shown(client.get(reverse("power"), right))


def test_loss_that_leaves_nobody_is_refused(client, statistician, protocol):
    response = client.get(reverse("power"), {"por_estacion": "9", "perdida": "90"})
    assert response.context["form"].errors == {"perdida": ["Not even one woman would be left in a station."]}
    assert "What it shows" in shown(client.get(reverse("power"), {"por_estacion": "10", "perdida": "90"}))


def test_own_numbers_stand_in_the_tables_among_the_usual_ones(client, statistician, protocol):
    response = client.get(reverse("power"), {"icc": "0.04", "por_estacion": "60"})
    for grid in response.context["grids"]:
        assert grid.women == [25, 50, 60, 75, 100, 150, 200]
        assert [icc for icc, _cells in grid.rows] == [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1]
        asked = [cell for _icc, cells in grid.rows for cell in cells if cell.is_asked]
        assert len(asked) == 1
    figures = response.context["figures"]
    assert [figures["main"].points, figures["pairwise"].points] == [
        next(cell.points for _icc, cells in grid.rows for cell in cells if cell.is_asked)
        for grid in response.context["grids"]
    ]


def test_picture_has_its_numbers_as_a_table_and_says_what_it_is(client, statistician, protocol):
    response = client.get(reverse("power"), {"icc": "0.2"})
    page = response.content.decode()
    assert '<title id="curve-title">At an ICC of ' in page
    curve = response.context["curve"]
    assert len(curve.rows) == 21
    assert [curve.rows[-1][0], *(f"{value:.1f}" for value in curve.rows[-1][1])] == [0.2, "34.6", "54.1"]
    assert "0.2 34.6 54.1" in shown(response)
    assert "style=" not in page


def test_without_a_protocol_the_page_says_what_is_missing(client, statistician):
    response = client.get(reverse("power"))
    assert response.status_code == 409
    assert "No protocol yet" in shown(response)


@pytest.mark.parametrize("role", Role)
def test_only_those_who_read_arms_open_it(client, protocol, role):
    client.force_login(UserFactory(role=role))
    expected = 200 if role in (Role.ADMINISTRATOR, Role.STATISTICIAN) else 403
    assert client.get(reverse("power")).status_code == expected


@pytest.mark.parametrize("typed", [{}, {"icc": "0.04", "por_estacion": "60", "efecto": "9"}])
def test_page_asks_little_of_the_database(client, statistician, protocol, django_assert_num_queries, typed):
    with django_assert_num_queries(3):
        client.get(reverse("power"), typed)
