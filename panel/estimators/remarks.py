"""What a reader must know of an estimate, or why there is none: a code and its values, put into words at the edges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

Value = Union[str, int, "Remark"]

ENGLISH: Mapping[str, str] = {
    "outcome_missing": "%(rows)s rows left out: no value of the outcome %(column)s",
    "value_missing": "%(rows)s rows left out: no value of %(column)s",
    "not_due": "%(rows)s rows left out: their time has not come",
    "few_clusters": "%(clusters)s clusters are few: cr1 understates the error; read cr2 and wild",
    "not_nested": "cr2, cr3, wild: not computed; %(why)s",
    "many_move": "%(units)s units lie in more than one cluster, too many to fit their effects again",
    "wild_drawn": "wild: %(draws)s seeded draws, as there are more than %(clusters)s clusters",
    "wild_open": "wild: an interval is left out where it has no end, as happens with very few clusters",
    "no_error": "a standard error is 0, so that p and ci are left out: the model fits its clusters exactly",
    "ri_no_set": "ri: not computed; randomisation inference needs the set that the allocation was drawn from",
    "ri_not_computed": "ri: not computed; %(why)s",
    "ri_one_way": (
        "ri: %(name)s: not computed; no other allocation leaves the other treatments as they are (see ri_all)"
    ),
    "ri_ways": "ri: %(name)s: %(ways)s, %(arms)s given again, the other stations as they are",
    "ri_ways_least": (
        "ri: %(name)s: %(ways)s, %(arms)s given again, the other stations as they are; p cannot be below %(least)s"
    ),
    "ri_by_trait": (
        "ri: by a trait it asks whether anybody has an effect at all, not whether it is the same for everybody"
    ),
    "ri_all": "ri_all: %(ways)s, all arms given again; right if none has any effect",
    "all_ways": "all %(count)s ways",
    "seeded_draws": "%(count)s seeded draws",
    "one_cluster": "there is one cluster only: without a second one no error can be estimated",
    "unit_in_clusters": "a unit lies in more than one cluster",
    "unknown_station": "the allocation has no station %(stations)s; it has %(first)s, …",
    "arm_without_rows": "an arm has no row in some period, so that its treatment then is not known",
    "differs_in_arm": "%(name)s: not the same for all of an arm in a period",
    "set_too_narrow": "the set that the allocation was drawn from is too narrow to draw from again",
    "weights_with_units": "weights are for models without unit effects",
    "constant": "%(name)s: the same value in every row, so that it has no effect to estimate",
    "absorbed_by_time": "%(name)s: absorbed by the time effects (it is the same for all in each period)",
    "absorbed": (
        "%(name)s: absorbed by the unit and time effects (it does not vary beyond them); "
        "a trait of the unit can only enter multiplied by time"
    ),
    "collinear": "%(name)s: collinear with %(others)s",
    "icc_too_few": "an intracluster correlation needs several stations an arm and several women a station",
    "no_variation": "the outcome does not vary within arms",
    "no_answer": "an arm has no answer: there is nothing to bound",
    "trait_constant": "a trait that is the same for all cannot tell who answered",
    "answers_told": "the traits tell exactly who answered: there is nobody to weigh in the others' place",
    "no_row": "no row is left to estimate on",
    "no_baseline": "no unit has an outcome in the base period",
    "wave_binary": "%(name)s: effects by wave need a treatment of 0 and 1",
    "no_regressor": "%(name)s: no such regressor; there are %(others)s",
    "one_period": "there is one period only: nothing comes after a baseline",
    "family_clusters": "the outcomes of a family must be of the same clusters",
    "moderator_by_wave": "%(name)s: a moderator does not go with effects by wave",
    "moderator_varies": (
        "%(name)s: not the same in all rows of a unit; effects can differ by a trait of before the allocation only"
    ),
    "no_base": "no row of the base period %(base)s; there are %(periods)s",
    "no_last_answer": "%(column)s: nobody answered at the last wave",
    "no_base_value": "%(column)s: no value in the base period",
    "no_column": "%(file)s: no column %(columns)s; it has %(present)s",
    "no_complete_row": "%(file)s: no row has a value of %(columns)s all together",
    "data": "%(sentence)s",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence by its code; the values may be remarks themselves."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def said(self, sentences: Mapping[str, str]) -> str:
        """Put it into the words of a language, whole numbers in groups of three digits."""
        return sentences[self.code] % {name: _said(value, sentences) for name, value in self.values.items()}

    @property
    def english(self) -> str:
        """Return it in English, as programs read it."""
        return self.said(ENGLISH)

    def as_json(self) -> dict[str, Any]:
        """Return code and values, for whoever puts it into other words."""
        values = {n: value.as_json() if isinstance(value, Remark) else value for n, value in self.values.items()}
        return {"code": self.code, "values": values}


def remark(code: str, **values: Value) -> Remark:
    """Make a remark."""
    return Remark(code, values)


def _said(value: Value, sentences: Mapping[str, str]) -> str:
    if isinstance(value, Remark):
        return value.said(sentences)
    return f"{value:,}" if isinstance(value, int) else value
