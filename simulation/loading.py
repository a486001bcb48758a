"""What every part of a load knows: the world, its calendar, and the ids that its rows got in the database."""

from dataclasses import dataclass
from datetime import datetime

from simulation.study_time import StudyClock
from simulation.team import Team
from simulation.world import World


@dataclass(frozen=True, slots=True)
class Loading:
    """A load under way; stations and women in the world's order. `now` is the moment that the study has reached."""

    world: World
    clock: StudyClock
    now: datetime
    stations: tuple[int, ...]
    women: tuple[int, ...]
    team: Team

    def study_code(self, woman: int) -> str:
        """Return the code that enrolment gives to the woman of this row."""
        return f"P{self.women[woman]:05d}"
