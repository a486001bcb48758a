"""The reports behind the study: those that led to enrolment, those that did not, and why; invented like the women."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from participants.eligibility import Outcome, Refusal
from participants.identity import Identity
from simulation.people import draw_people

Ints = npt.NDArray[np.integer[Any]]

NOT_ENROLLED_SHARE = 0.625
"""Women screened and not enrolled for each one enrolled: 1,000 for 1,600, so that 2,600 are screened."""

OUTCOMES = ((Outcome.NOT_ELIGIBLE, 0.54), (Outcome.REFUSED, 0.25), (Outcome.UNREACHABLE, 0.21))
REASONS = (
    ("lives_in_area", 0.44), ("partner", 0.18), ("safe_to_approach", 0.18), ("adult", 0.12), ("one_per_household", 0.08)
)  # fmt: skip
REFUSALS = (
    (Refusal.NOT_SAID, 0.25), (Refusal.TIME, 0.30), (Refusal.NOT_INTERESTED, 0.20), (Refusal.AFRAID, 0.15),
    (Refusal.DISTRUST, 0.10),
)  # fmt: skip
# Each station has a few recent ones that wait: for screening, and one for enrolment.
TO_SCREEN, TO_ENROL = 3, 1
WAITING_DAYS = 9
SECOND_REASON, REPORTED_AGAIN = 0.10, 0.06
KNOWS_ARM = 0.02
MINOR_AGES = (15, 18)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A woman who reported: where and when (study days), and what her screenings found; `woman` is her row if enrolled.

    `tries` are the days on which she could not be reached, before `screened_on`; None stands for not screened yet.
    """

    station: int
    reported_on: int
    identity: Identity
    tries: tuple[int, ...] = ()
    screened_on: int | None = None
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    refusal: str = ""
    age: int | None = None
    knows_arm: bool = False
    woman: int | None = None
    reported_again_on: int | None = None


def draw_enrolled(
    rng: Generator, *, station: Ints, enrolled: Ints, age: Ints, identities: tuple[Identity, ...]
) -> list[Candidate]:
    """Draw how the women of the study came to it: reported up to two weeks before enrolment, screened soon after."""
    count = len(station)
    reported = enrolled - rng.integers(1, 15, size=count)
    screened = np.maximum(reported, enrolled - rng.integers(0, 3, size=count))
    tries = np.minimum(rng.choice(3, size=count, p=(0.82, 0.14, 0.04)), screened - reported)
    knows = rng.random(count) < KNOWS_ARM
    return [
        Candidate(
            station=int(station[row]),
            reported_on=int(reported[row]),
            identity=identities[row],
            tries=tuple(int(reported[row]) + n for n in range(tries[row])),
            screened_on=int(screened[row]),
            outcome=Outcome.ELIGIBLE,
            age=int(age[row]),
            knows_arm=bool(knows[row]),
            woman=row,
        )
        for row in range(count)
    ]


def draw_others(rng: Generator, *, station: Ints, enrolled: Ints, today: int) -> list[Candidate]:
    """Draw the women who were screened at the same stations in the same weeks and not enrolled, and those who wait."""
    count = round(NOT_ENROLLED_SHARE * len(station))
    like = rng.integers(len(station), size=count)
    reported = np.minimum(enrolled[like] - rng.integers(1, 15, size=count), today - 8)
    people = draw_people(rng, count, first_number=len(station) + 1)
    codes = [code for code, _share in OUTCOMES]
    outcomes = rng.choice(len(codes), size=count, p=[share for _code, share in OUTCOMES])
    found = [
        _screened(rng, int(station[like[row]]), int(reported[row]), people[row], codes[outcomes[row]], today)
        for row in range(count)
    ]
    return [*found, *_draw_waiting(rng, stations=int(station.max()) + 1, first=len(station) + count + 1, today=today)]


def _screened(
    rng: Generator, station: int, reported_on: int, identity: Identity, outcome: Outcome, today: int
) -> Candidate:
    tries = tuple(reported_on + n for n in range(rng.integers(0, 3)))
    again = reported_on + int(rng.integers(3, 60))
    reasons = _reasons(rng) if outcome == Outcome.NOT_ELIGIBLE else ()
    age = None
    if outcome != Outcome.UNREACHABLE:
        age = int(rng.integers(*MINOR_AGES)) if "adult" in reasons else int(min(75, 18 + rng.gamma(3.0, 5.5)))
    return Candidate(
        station=station,
        reported_on=reported_on,
        identity=identity,
        tries=tries,
        screened_on=reported_on + len(tries) + int(rng.integers(0, 5)),
        outcome=outcome,
        reasons=reasons,
        refusal=_pick(rng, REFUSALS) if outcome == Outcome.REFUSED else "",
        age=age,
        knows_arm=bool(rng.random() < KNOWS_ARM),
        reported_again_on=again if rng.random() < REPORTED_AGAIN and again < today else None,
    )


def _draw_waiting(rng: Generator, *, stations: int, first: int, today: int) -> list[Candidate]:
    each = TO_SCREEN + TO_ENROL
    people = draw_people(rng, stations * each, first_number=first)
    days = today - rng.integers(1, WAITING_DAYS, size=stations * each)
    waiting = []
    for row, identity in enumerate(people):
        station, place = divmod(row, each)
        day = int(days[row])
        if place < TO_SCREEN:
            waiting.append(Candidate(station, day, identity))
        else:
            age = int(rng.integers(20, 50))
            waiting.append(Candidate(station, day, identity, screened_on=day, outcome=Outcome.ELIGIBLE, age=age))
    return waiting


def _reasons(rng: Generator) -> tuple[str, ...]:
    """Return one reason, now and then two, in the protocol's order."""
    codes = ("adult", "partner", "lives_in_area", "safe_to_approach", "one_per_household")
    drawn = {_pick(rng, REASONS)}
    if rng.random() < SECOND_REASON:
        drawn.add(_pick(rng, REASONS))
    return tuple(code for code in codes if code in drawn)


def _pick(rng: Generator, shares: tuple[tuple[str, float], ...]) -> str:
    return str(shares[rng.choice(len(shares), p=[share for _code, share in shares])][0])
