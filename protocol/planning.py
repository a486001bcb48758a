"""What a protocol file says about planning: visits a week, who goes, and what becomes of a missed one."""

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from protocol.parts import Code, Days, Hours, Part

VisitsAWeek = Annotated[int, Field(ge=1, le=7)]


class Cadence(Part):
    """Visits a week: as usual, and by level where the risk scale decides."""

    usual_visits_a_week: VisitsAWeek
    by_level: Annotated[dict[Code, VisitsAWeek], Field(min_length=1)]
    earliest: time
    latest: time
    grace_hours: Hours
    # Where the level decides, so many more visits in each of her first weeks: repeated violence comes early.
    front_weeks: Annotated[int, Field(ge=0, le=52)] = 0
    front_visits: Annotated[int, Field(ge=0, le=6)] = 0
    # On public holidays: visit as on any day, only when the other days are not enough, or never.
    holidays: Literal["visit", "avoid", "rest"] = "visit"

    @model_validator(mode="after")
    def _hours_in_order(self) -> Self:
        if self.latest <= self.earliest:
            message = "latest must be after earliest"
            raise ValueError(message)
        return self


class Assignment(Part):
    """How officers are sent where nothing else is said of them: in pairs, each to so many visits a day at most."""

    officers_a_visit: Literal[1, 2] = 2
    visits_a_day: Annotated[int, Field(ge=1, le=40)] = 12
    # Whether only women go.
    women_only: bool = True
    # An officer is known to a woman by the visits of so many days back.
    known_days: Days = 90


class Escalation(Part):
    """How long a missed visit may lack its reason: then the supervisor is told, then, at these levels, safety."""

    supervisor_hours: Hours = 24
    safety_hours: Hours = 24
    levels: list[Code] = Field(default_factory=list)
