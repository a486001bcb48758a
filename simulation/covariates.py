"""What the first survey asks of a woman besides her outcomes, drawn for synthetic women: invented shares."""

from collections.abc import Iterator

from numpy.random import Generator

_SHARES: dict[str, dict[str, float]] = {
    "education": {
        "none": 0.02, "primary": 0.18, "secondary": 0.48, "technical": 0.19, "university": 0.11, "refused": 0.02,
    },
    "work": {
        "employed": 0.31, "own": 0.34, "home": 0.22, "studies": 0.04, "seeking": 0.06, "other": 0.02, "refused": 0.01,
    },
    "income": {
        "none": 0.18, "under_500": 0.22, "500_1024": 0.31, "1025_2049": 0.2, "from_2050": 0.05, "refused": 0.04,
    },
    "lives_with": {
        "partner": 0.37, "ex_partner": 0.06, "family": 0.34, "alone": 0.19, "other": 0.03, "refused": 0.01,
    },
    "partner_alcohol": {
        "never": 0.16, "monthly": 0.31, "weekly": 0.33, "daily": 0.09, "unknown": 0.08, "refused": 0.03,
    },
    "people_to_turn_to": {"nobody": 0.14, "one": 0.28, "two_or_three": 0.38, "more": 0.18, "refused": 0.02},
    "place_to_stay": {"yes": 0.62, "no": 0.38},
    **{
        f"well_being_{what}": {"0": 0.22, "1": 0.36, "2": 0.24, "3": 0.16, "refused": 0.02}
        for what in ("sad", "no_interest", "worried", "slept_badly", "tired")
    },
}  # fmt: skip
_MEAN_CHILDREN, _MOST_CHILDREN = 1.6, 9
_ADULT = 18


def draw_covariates(rng: Generator, ages: list[int]) -> Iterator[dict[str, str]]:
    """Yield each woman's answers by the names of the shipped first questionnaire, in the order of the ages."""
    drawn = {
        name: rng.choice(list(shares), size=len(ages), p=list(shares.values())).tolist()
        for name, shares in _SHARES.items()
    }
    children = rng.poisson(_MEAN_CHILDREN, size=len(ages)).clip(0, _MOST_CHILDREN).tolist()
    together = rng.random(len(ages)).tolist()
    for row, age in enumerate(ages):
        yield {
            "age": str(max(age, _ADULT)),
            **{name: answers[row] for name, answers in drawn.items()},
            "children": str(children[row]),
            "years_together": str(int(together[row] * (max(age, _ADULT) - 15))),
        }
