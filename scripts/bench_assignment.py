"""The rule that sends officers to visits, beside a constraint solver and beside taking turns, on the same weeks.

The solver (OR-Tools CP-SAT, for development only) minimises, on the very same visits and hands: visits not met, the
heavier the higher their risk; then officers new to a woman; then the longest week of an officer.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, timedelta
from itertools import cycle
from random import Random
from statistics import mean
from time import perf_counter

from bench_study import Result
from ortools.sat.python import cp_model

from visits.assignment import Assignment, Hands, OpenVisit, assign_officers
from visits.cadence import spread_days

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
WOMEN, OFFICERS, WEEKS, SOLVED_WEEKS = 100, 14, 6, 3
TARGETS, SHARES = (2, 3, 5, 7), (35, 35, 20, 10)
SOLVER_SECONDS = 20.0
PAIR, ON_LEAVE = 2, 0.1
Known = dict[int, dict[int, int]]
Rule = Callable[[Collection[OpenVisit[int]], Collection[Hands], Known], Assignment[int]]


def assignment() -> Result:
    """Assign six weeks of a station one after the other by each rule, with hands enough and with a third too few."""
    results: Result = {"women": WOMEN, "officers": OFFICERS, "weeks": WEEKS, "solver_seconds_a_week": SOLVER_SECONDS}
    for name, room in (("hands enough", 14), ("hands short", 6)):
        for rule_name, rule, weeks in (
            ("ours", by_rule, WEEKS),
            ("taking turns", by_turns, WEEKS),
            ("solver", by_solver, SOLVED_WEEKS),
        ):
            results[f"{name}, {rule_name}"] = figures(rule, room=room, weeks=weeks)
    return results


def figures(rule: Rule, *, room: int, weeks: int) -> Result:
    """Return what came of these weeks under a rule: unmet visits, faces a woman saw, loads, seconds a week."""
    known: Known = defaultdict(lambda: defaultdict(int))
    random, seconds, unmet, risk_unmet, spread, visits_made = Random(7), 0.0, 0, 0, [], 0  # noqa: S311 - invented weeks
    for number in range(weeks):
        visits, hands = station_week(random, number, room)
        before = perf_counter()
        found = rule(visits, hands, known)
        seconds += perf_counter() - before
        rank = {visit.key: visit.rank for visit in visits}
        woman = {visit.key: visit.woman for visit in visits}
        unmet += len(found.unmet)
        risk_unmet += sum(rank[key] == len(TARGETS) - 1 for key in found.unmet)
        load: dict[int, int] = defaultdict(int)
        for key, team in found.officers.items():
            visits_made += 1
            for officer in team:
                known[woman[key]][officer] += 1
                load[officer] += 1
        spread.append(max(load.values()) - min(load.values()))
    return {
        "seconds_a_week": round(seconds / weeks, 3),
        "unmet_a_week": round(unmet / weeks, 1),
        "unmet_at_highest_risk": risk_unmet,
        "officers_a_woman_has_seen": round(mean(len(seen) for seen in known.values()), 2),
        "longest_less_shortest_week": round(mean(spread), 1),
    }


def station_week(random: Random, number: int, room: int) -> tuple[list[OpenVisit[int]], list[Hands]]:
    """Invent a week: women by level and safe days, officers with two days off and now and then a week of leave."""
    ranks = Random(11).choices(range(len(TARGETS)), SHARES, k=WOMEN)  # noqa: S311
    visits = [
        OpenVisit(woman * 10 + day, woman, WEEK[day - 1], rank)
        for woman, rank in enumerate(ranks)
        for day in spread_days(TARGETS[rank], frozenset(range(1, 8)), frozenset(), woman)
    ]
    hands = []
    for officer in range(OFFICERS):
        off = set(WEEK) if random.random() < ON_LEAVE else set()
        off |= {WEEK[(officer + number) % 7], WEEK[(officer + number + 3) % 7]}
        hands.append(Hands(officer, {day: room for day in WEEK if day not in off}))
    return visits, hands


def by_rule(visits: Collection[OpenVisit[int]], hands: Collection[Hands], known: Known) -> Assignment[int]:
    """Assign by the study's own rule."""
    return assign_officers(visits, hands, known=known)


def by_turns(visits: Collection[OpenVisit[int]], hands: Collection[Hands], _known: Known) -> Assignment[int]:
    """Assign as a list on the wall does: whoever is next and there."""
    room = {(hand.officer, day): left for hand in hands for day, left in hand.room.items()}
    turn, officers, unmet = cycle(sorted(hand.officer for hand in hands)), {}, []
    for visit in visits:
        team: list[int] = []
        for _try in range(OFFICERS):
            officer = next(turn)
            if room.get((officer, visit.day), 0) and officer not in team:
                team.append(officer)
            if len(team) == PAIR:
                break
        if len(team) < PAIR:
            unmet.append(visit.key)
            continue
        for officer in team:
            room[officer, visit.day] -= 1
        officers[visit.key] = tuple(team)
    return Assignment(officers, tuple(unmet))


def by_solver(visits: Collection[OpenVisit[int]], hands: Collection[Hands], known: Known) -> Assignment[int]:
    """Assign by CP-SAT."""
    model = cp_model.CpModel()
    goes = {
        (visit.key, hand.officer): model.new_bool_var("")
        for visit in visits
        for hand in hands
        if hand.room.get(visit.day, 0)
    }
    met = {visit.key: model.new_bool_var("") for visit in visits}
    sees = {(visit.woman, hand.officer): model.new_bool_var("") for visit in visits for hand in hands}
    longest = model.new_int_var(0, 7 * 40, "")
    for visit in visits:
        team = [goes[visit.key, hand.officer] for hand in hands if (visit.key, hand.officer) in goes]
        model.add(sum(team) == 2 * met[visit.key])
    for hand in hands:
        hers = [visit for visit in visits if (visit.key, hand.officer) in goes]
        model.add(sum(goes[visit.key, hand.officer] for visit in hers) <= longest)
        for day, room in hand.room.items():
            model.add(sum(goes[visit.key, hand.officer] for visit in hers if visit.day == day) <= room)
        for visit in hers:
            model.add_implication(goes[visit.key, hand.officer], sees[visit.woman, hand.officer])
    new_faces = [seen for (woman, officer), seen in sees.items() if not known[woman][officer]]
    model.minimize(
        sum(10_000 * (1 + visit.rank) * (1 - met[visit.key]) for visit in visits) + 10 * sum(new_faces) + longest
    )
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = SOLVER_SECONDS, 2
    solver.solve(model)
    officers = {
        visit.key: tuple(
            hand.officer
            for hand in hands
            if (visit.key, hand.officer) in goes and solver.value(goes[visit.key, hand.officer])
        )
        for visit in visits
        if solver.value(met[visit.key])
    }
    return Assignment(officers, tuple(visit.key for visit in visits if visit.key not in officers))
