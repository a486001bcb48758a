"""The bench judges its figures: what is promised under a name is kept by the figure of that name."""

import pytest

from scripts import bench


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        ({"seconds": 1.0}, None),
        ({"seconds": 1.0, "promised_seconds": 1}, True),
        ({"seconds": 1.01, "promised_seconds": 1}, False),
        ({"seconds": 1, "promised_seconds": 2, "megabytes": 600, "promised_megabytes": 500}, False),
        ({"part": {"median_ms": 40, "promised_median_ms": 50}, "other": {"seconds": 9}}, True),
        ({"seconds": 1, "promised_seconds": 2, "part": {"median_ms": 51, "promised_median_ms": 50}}, False),
    ],
)
def test_a_figure_holds_while_all_its_promises_do(figure, kept):
    assert bench.holds(figure) is kept


def test_a_promise_about_nothing_is_a_mistake():
    with pytest.raises(KeyError):
        bench.holds({"promised_seconds": 1})


def test_some_figures_alone_are_measured():
    assert bench.parsed(["--only", "plan", "national"], ["plan", "national", "page"]).only == ["plan", "national"]
    assert bench.parsed([], ["plan"]).only is None


def test_a_figure_that_there_is_not_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit) as caught:
        bench.parsed(["--only", "weather"], ["plan", "page"])

    assert caught.value.code == 2
    assert "invalid choice: 'weather' (choose from 'plan', 'page')" in capsys.readouterr().err


def test_the_load_of_the_machine_stands_beside_each_figure():
    figure = bench.measured(lambda: {"seconds": 1, "promised_seconds": 2})

    assert figure["holds"] is True
    assert len(figure["load"]) == 2
