"""The tables of a report, from what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from panel.analysis_plan import Outcome
from panel.estimators.estimate import Coefficient
from panel.estimators.icc import detectable_by_error
from panel.estimators.remarks import Remark
from panel.plan_states import PlanStanding
from panel.reports.findings import Balance, Bounds, Effect, FamilyTest, Findings, Likeness
from panel.reports.remarks import said
from panel.reports.table import Table, chance, interval, number
from panel.reports.words import HEADS, NOTES, SAYS, TABLES

_METHODS = ("cr1", "cr2", "cr3", "wild", "ri", "ri_all")
_AVERAGES = ("two-way", "ancova", "post")


class TableWriter:
    """The tables of one analysis in one language."""

    def __init__(self, found: Findings, language: str) -> None:
        self._found, self._language = found, language

    def every(self) -> list[Table]:
        """Return all tables in the order of the report."""
        found, outcomes = self._found, self._found.plan.outcomes
        tables = [self._flow(), self._balance(found.balance)]
        for outcome in outcomes:
            tables += [self._effects(outcome), self._inference(outcome), *self._by_wave(outcome)]
        tables += [self._family(family.code) for family in found.plan.families]
        attrition = [effect for effect in found.effects if effect.model.kind == "attrition"]
        by_trait = [effect for effect in found.effects if effect.subgroup is not None]
        beyond = [effect for effect in found.effects if not effect.is_planned]
        tables += [
            self._list("attrition", attrition),
            self._bounds(found.bounds),
            self._list(
                "weighted",
                found.weighted,
                note="weighted",
                word=self._word("response_weights"),
                late=self._late_kind("response_weights"),
            ),
            self._likeness(found.likeness),
            self._list("subgroups", by_trait, note="subgroups"),
            self._list("exploratory", beyond, word="exploratory"),
        ]
        return [table for table in tables if table.rows or table.problems]

    def name_of(self, outcome: str) -> str:
        """Return an outcome's or trait's label, or its column where the plan has none."""
        plan = self._found.plan
        labels = {group.column: group.label for group in plan.subgroups}
        labels |= {one.code: one.label for one in plan.outcomes}
        return labels[outcome].in_language(self._language) if outcome in labels else outcome

    def marks(self, word: str) -> tuple[str, ...]:
        """Return what must stand on a table: blinded, and whether it is planned, exploratory or described alone."""
        blinded = (self._say("blinded"),) if self._found.is_blinded else ()
        is_open = word == "planned" and self._found.standing is PlanStanding.NOT_LOCKED
        return (*blinded, self._say("not_locked" if is_open else word))

    def _late(self, effects: Iterable[Effect]) -> list[str]:
        """Name the effects that came after unblinding."""
        return [
            f"{self.name_of(effect.outcome)}, {_called(effect)}" for effect in effects if self._found.is_late(effect)
        ]

    def _late_kind(self, kind: str) -> list[str]:
        """Name the outcomes of a sensitivity analysis that came after unblinding."""
        confirmed, plan = self._found.confirmed, self._found.plan
        codes = [outcome.code for outcome in plan.outcomes if plan.foresees(kind, outcome.code)]
        return [self.name_of(code) for code in codes if confirmed is not None and not confirmed.foresees(kind, code)]

    def _word(self, kind: str) -> str:
        """Say whether the plan foresees a sensitivity analysis: then it is of the plan's outcomes alone."""
        return "planned" if any(part.kind == kind for part in self._found.plan.sensitivity) else "exploratory"

    def _say(self, code: str) -> str:
        return SAYS[code].in_language(self._language)

    def _why(self, why: Remark) -> str:
        return said(why, self._language)

    def _reasons(self, problems: Iterable[tuple[str, Remark | None]]) -> list[str]:
        return list(dict.fromkeys(f"{self.name_of(name)}: {self._why(why)}" for name, why in problems if why))

    def _heads(self, *codes: str) -> tuple[str, ...]:
        return tuple(HEADS[code].in_language(self._language) for code in codes)

    def _table(
        self,
        code: str,
        of: str,
        header: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        notes: Iterable[str] = (),
        problems: Iterable[str] = (),
        word: str = "planned",
        late: Sequence[str] = (),
    ) -> Table:
        title = TABLES[code].in_language(self._language)
        return Table(
            f"{code}_{of}" if of else code,
            f"{title}: {self.name_of(of)}" if of else title,
            tuple(header),
            tuple(tuple(row) for row in rows),
            (*self.marks(word), *((f"{self._say('late')}: {'; '.join(late)}.",) if late else ())),
            tuple(notes),
            problems=tuple(problems),
        )

    def _note(self, code: str) -> tuple[str, ...]:
        return (NOTES[code].in_language(self._language),)

    def _effects(self, outcome: Outcome) -> Table:
        effects = self._found.of(outcome.code, *_AVERAGES)
        names = list(dict.fromkeys(c.name for effect in effects for c in effect.coefficients))
        rows = [row for name in names for row in _paper_rows(name, effects)]
        for head, values in (
            ("rows", [str(e.estimate.n) if e.estimate else "" for e in effects]),
            ("clusters", [str(e.estimate.clusters) if e.estimate else "" for e in effects]),
        ):
            rows.append((*self._heads(head), *values))
        header = ("", *(e.model.code for e in effects))
        return self._table(
            "effects", outcome.code, header, rows if names else [],
            notes=[*self._note("effects"), *self._alone(effects)], problems=self._problems(effects),
            late=self._late(effects),
        )  # fmt: skip

    def _problems(self, effects: Iterable[Effect]) -> list[str]:
        return [f"{e.model.code}: {self._say('not_estimated')}: {self._why(e.problem)}" for e in effects if e.problem]

    def _inference(self, outcome: Outcome) -> Table:
        effect = self._found.primary(outcome.code)
        rows = [row for c in effect.coefficients for row in self._measures(c)]
        remarks = () if effect.estimate is None else effect.estimate.remarks
        own = [NOTES["read_in"].in_language(self._language) % outcome.model] if outcome.model else []
        return self._table(
            "inference", outcome.code, self._heads("effect", "estimate", "measure", *_METHODS), rows,
            notes=[*own, self._say("few"), *map(self._why, remarks)], problems=self._problems([effect]),
            late=self._late([effect]) or self._read_otherwise([outcome.code]),
        )  # fmt: skip

    def _read_otherwise(self, outcomes: Iterable[str]) -> list[str]:
        """Name the outcomes that came into another model after unblinding."""
        return [
            f"{self.name_of(code)}, {self._found.plan.main_model(code).code}"
            for code in outcomes
            if self._found.is_read_otherwise(code)
        ]

    def _measures(self, c: Coefficient) -> list[tuple[str, ...]]:
        least = _detectable(c, self._found.plan.alpha)
        measures = {
            "se": [number(c.se.get(m)) for m in _METHODS],
            "df": [number(c.df.get(m), 1) for m in _METHODS],
            "p": [chance(c.p.get(m)) for m in _METHODS],
            "ci": [interval(c.ci.get(m)) for m in _METHODS],
            "detectable": ["", number(least), "", "", "", ""],
        }
        return [
            (c.name if place == 0 else "", number(c.estimate) if place == 0 else "", *self._heads(measure), *values)
            for place, (measure, values) in enumerate(measures.items())
        ]

    def _by_wave(self, outcome: Outcome) -> list[Table]:
        found = self._found.of_waves(outcome.code)
        tables = [(self._listed("event", outcome.code, [effect]), effect, called) for effect, called in found]
        several = len(found) > 1
        return [
            replace(table, code=f"event_{called}", title=f"{table.title} ({effect.model.code})") if several else table
            for table, effect, called in tables
        ]

    def _list(
        self,
        code: str,
        effects: Sequence[Effect],
        *,
        note: str = "",
        word: str = "planned",
        late: Sequence[str] | None = None,
    ) -> Table:
        return self._listed(code, "", effects, note=note, word=word, late=late)

    def _listed(
        self,
        code: str,
        of: str,
        effects: Sequence[Effect],
        *,
        note: str = "",
        word: str = "planned",
        late: Sequence[str] | None = None,
    ) -> Table:
        rows = [
            (
                self.name_of(effect.outcome), c.name, number(c.estimate), number(c.se["cr2"]), number(c.df["cr2"], 1),
                chance(c.p["cr2"]), chance(c.p["wild"]), chance(c.p["ri"]), chance(c.p["ri_all"]),
                interval(c.ci["cr2"]), number(_detectable(c, self._found.plan.alpha)),
            )
            for effect in effects
            for c in effect.coefficients
        ]  # fmt: skip
        p = [f"p, {head}" for head in self._heads("cr2", "wild", "ri", "ri_all")]
        header = (*self._heads("outcome", "effect", "estimate", "se", "df"), *p, *self._heads("ci", "detectable"))
        problems = [
            f"{self.name_of(e.outcome)}: {self._say('not_estimated')}: {self._why(e.problem)}"
            for e in effects
            if e.problem
        ]
        counted = [
            self._say("counted") % (self.name_of(e.outcome), e.model.code, e.estimate.n, e.estimate.clusters)
            for e in effects
            if e.estimate
        ]
        notes = [*(self._note(note) if note else ()), *self._alone(effects), *counted]
        return self._table(
            code, of, header, rows,
            notes=notes, problems=problems, word=word,
            late=late if late is not None else self._late(effects),
        )  # fmt: skip

    def _alone(self, effects: Iterable[Effect]) -> tuple[str, ...]:
        """Say why some effects have no p by randomisation of their own, where others have."""
        every = [c for effect in effects for c in effect.coefficients]
        return self._note("alone") if any(c.p["ri"] is None and c.p["ri_all"] is not None for c in every) else ()

    def _family(self, code: str) -> Table:
        family = next(family for family in self._found.plan.families if family.code == code)
        tests = [test for test in self._found.families if test.family == code]
        rows = [row for test in tests for row in self._members(test)]
        chosen = HEADS[family.adjustment].in_language(self._language)
        notes = [NOTES["family"].in_language(self._language) % chosen]
        problems = dict.fromkeys(self._why(t.problem) for t in tests if t.problem)
        header = self._heads("effect", "outcome", "estimate", "se", "p", "holm", "benjamini_hochberg", "romano_wolf")
        confirmed = self._found.confirmed
        is_late = confirmed is not None and family not in confirmed.families
        late = [code] if is_late else self._read_otherwise(family.outcomes)
        return self._table("family", code, header, rows, notes=notes, problems=problems, late=late)

    def _members(self, test: FamilyTest) -> list[tuple[str, ...]]:
        return [
            (
                test.treatment, self.name_of(m.outcome), number(m.estimate), number(m.cr2), chance(m.p),
                chance(m.holm), chance(m.benjamini_hochberg), chance(m.romano_wolf),
            )
            for m in test.members
        ]  # fmt: skip

    def _bounds(self, bounds: Sequence[Bounds]) -> Table:
        rows = [
            (
                self.name_of(one.outcome), one.treatment, number(one.bounds.lower), number(one.bounds.lower_se),
                number(one.bounds.upper), number(one.bounds.upper_se), interval(one.bounds.interval),
                number(one.bounds.trimmed),
            )
            for one in bounds
            if one.bounds is not None
        ]  # fmt: skip
        problems = self._reasons((one.outcome, one.problem) for one in bounds)
        header = self._heads("outcome", "effect", "lower", "se", "upper", "se", "ci", "trimmed")
        return self._table(
            "bounds", "", header, rows,
            notes=self._note("bounds"), problems=problems, word=self._word("lee_bounds"),
            late=self._late_kind("lee_bounds"),
        )  # fmt: skip

    def _likeness(self, likeness: Sequence[Likeness]) -> Table:
        rows = [
            (
                self.name_of(one.outcome), number(one.icc.value, 4), interval(one.icc.interval),
                number(one.icc.women_per_station, 1), number(one.deviation), number(one.detectable),
            )
            for one in likeness
            if one.icc is not None
        ]  # fmt: skip
        problems = self._reasons((one.outcome, one.problem) for one in likeness)
        header = self._heads("outcome", "icc", "ci", "per_station", "sd", "detectable")
        notes = self._note("likeness")
        return self._table("likeness", "", header, rows, notes=notes, problems=problems, word="described")

    def _balance(self, balance: Sequence[Balance]) -> Table:
        arms = list(dict.fromkeys(arm for one in balance for arm in one.means))
        treatments = list(dict.fromkeys(name for one in balance for name in one.p))
        rows = [
            (
                self.name_of(one.column), *(number(one.means.get(arm)) for arm in arms), number(one.largest),
                number(one.largest_by_station),
                *(chance(one.p.get(name)) for name in treatments),
            )
            for one in balance
            if one.means
        ]  # fmt: skip
        header = (
            *self._heads("column"),
            *arms,
            *self._heads("largest", "largest_by_station"),
            *(f"p, {name}" for name in treatments),
        )
        problems = self._reasons((one.column, one.problem) for one in balance)
        return self._table(
            "balance", "", header, rows, notes=self._note("balance"), problems=problems, word="described"
        )

    def _flow(self) -> Table:
        rows = [
            (one.period, one.arm, str(one.stations), _count(one.women), _count(one.answered))
            for one in self._found.flow
        ]
        header = self._heads("wave", "arm", "clusters", "women", "answered")
        notes = (*self._note("flow"), self._say("left_out"))
        return self._table("flow", "", header, rows, notes=notes, word="described")


def _called(effect: Effect) -> str:
    return effect.model.code if effect.subgroup is None else f"{effect.model.code}, {effect.subgroup.code}"


def _paper_rows(name: str, effects: Sequence[Effect]) -> list[tuple[str, ...]]:
    found = [next((c for c in effect.coefficients if c.name == name), None) for effect in effects]
    return [
        (name, *("" if c is None else number(c.estimate) for c in found)),
        ("", *("" if c is None or c.se["cr2"] is None else f"({number(c.se['cr2'])})" for c in found)),
        ("", *("" if c is None or c.p["wild"] is None else f"[{chance(c.p['wild'])}]" for c in found)),
        ("", *("" if c is None or c.p["ri"] is None else f"{{{chance(c.p['ri'])}}}" for c in found)),
    ]


def _detectable(c: Coefficient, alpha: float) -> float | None:
    """Return what the estimate's own CR2 error finds; None beside what was found, and without an error."""
    error, freedom, p = c.se["cr2"], c.df["cr2"], c.p["cr2"]
    if error is None or freedom is None or p is None or p < alpha:
        return None
    return detectable_by_error(error, freedom, alpha=alpha)


def _count(value: int | None) -> str:
    return "" if value is None else str(value)
