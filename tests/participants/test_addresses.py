import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from participants.addresses import normalised_address


@pytest.mark.parametrize(
    "written",
    [
        "jr. los jilgueros 123",
        "jiron los jilgueros n° 0123",
        "jr jilgueros #123",
        "jr. los jilgueros, nro. 123",
        "jiron de los jilgueros numero 123",
    ],
)
def test_one_home_has_one_form_however_it_is_typed(written: str) -> None:
    assert normalised_address(written) == "jr jilgueros 123"


@pytest.mark.parametrize(
    "written",
    ["aa.hh. los olivos mz. b lt. 2", "a.a.h.h. los olivos mz b lote 02", "asentamiento humano olivos mz. b lt 2"],
)
def test_homes_without_a_street_have_one_form_too(written: str) -> None:
    assert normalised_address(written) == "aahh olivos mz b lt 2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jr. los jilgueros 123", "jr. los jilgueros 124"),
        ("jr. los jilgueros 123", "av. los jilgueros 123"),
        ("mz. b lt. 2", "mz. b lt. 3"),
        ("mz. n lt. 2", "mz. lt. 2"),
        ("av. ensayo 250 dpto. 301", "av. ensayo 250 dpto. 302"),
        ("calle 1 mz 2", "calle 2 mz 1"),
        ("jr. jilgueros 10", "jr. jilgueros 1"),
    ],
)
def test_different_homes_stay_apart(one: str, other: str) -> None:
    assert normalised_address(one) != normalised_address(other)


@given(st.text())
@example("n0")
@example("n n 7")
def test_a_form_stays_as_it_is(written: str) -> None:
    once = normalised_address(written)

    assert normalised_address(once) == once
