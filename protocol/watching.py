"""What the protocol says of watching the trial: surveys asked again by somebody else, and complaints."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from protocol.parts import Days, Part


class AskedAgain(Part):
    """One question that is asked again, and what kind of question it is (IPA and J-PAL number them 1 to 3).

    1: hardly ever changes and is easy to ask; 2: hardly ever changes but is harder to ask; 3: may have changed. Numbers
    differ when they lie further apart than `within`.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    kind: Literal[1, 2, 3]
    within: Annotated[int, Field(ge=0, le=50)] = 0


class BackChecks(Part):
    """Which share of surveys is asked again in part by a second interviewer, within how many days, and which questions.

    `allowed_pct`: how many answers in a hundred may differ, by kind of question, before somebody looks into it.
    """

    share_pct: Annotated[int, Field(ge=0, le=100)] = 5
    seed: Annotated[int, Field(ge=0)] = 20261001
    window_days: Days = 14
    # What one interviewer has to ask again at the same time, beside her own surveys.
    most_open: Annotated[int, Field(ge=1, le=60)] = 4
    allowed_pct: dict[str, Annotated[int, Field(ge=0, le=100)]] = Field(
        default_factory=lambda: {"1": 10, "2": 15, "3": 30}
    )
    questions: list[AskedAgain] = Field(
        default_factory=lambda: [
            AskedAgain(name="age", kind=1, within=1),
            AskedAgain(name="education", kind=1),
            AskedAgain(name="children", kind=1),
            AskedAgain(name="years_together", kind=2, within=1),
            AskedAgain(name="place_to_stay", kind=3),
            AskedAgain(name="people_to_turn_to", kind=3),
            AskedAgain(name="response_2", kind=3, within=1),
            AskedAgain(name="response_4", kind=3, within=1),
        ]
    )

    @model_validator(mode="after")
    def _each_once_and_every_kind_allowed(self) -> "BackChecks":
        names = [question.name for question in self.questions]
        if len(names) != len(set(names)):
            message = f"questions: each may stand once, found {', '.join(names)}"
            raise ValueError(message)
        if set(self.allowed_pct) != {"1", "2", "3"}:
            raise ValueError("allowed_pct: say it for the kinds 1, 2 and 3")
        return self


class ComplaintTerms(Part):
    """Within how many days a complaint is answered, and a serious one."""

    answer_days: Days = 10
    serious_days: Days = 2


class Watching(Part):
    """A protocol that was frozen before this table was known runs on its defaults."""

    back_checks: BackChecks = BackChecks()
    complaints: ComplaintTerms = ComplaintTerms()


class Backups(Part):
    """After how many days without a backup, and without a tried restore, the study raises an alarm."""

    alarm_after_days: Annotated[int, Field(ge=1, le=30)] = 2
    restore_days: Annotated[int, Field(ge=1, le=730)] = 90
