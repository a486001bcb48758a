"""What the law on personal data (Ley 29733) asks for in terms, as a protocol file says it."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from protocol.parts import Hours, Part

TermDays = Annotated[int, Field(ge=1, le=90)]
# What a woman can ask about her own data: access, rectification, cancellation, opposition (ARCO), and what goes along.
RequestKind = Literal[
    "access", "information", "portability", "rectification", "cancellation", "opposition", "revocation"
]


class DataRights(Part):
    """Within how many working days each request about a woman's own data is answered, and how incidents are told of.

    A term is counted from the day after the request came in; where it may be longer, once, by as many days again.
    """

    access_days: TermDays = 20
    information_days: TermDays = 8
    portability_days: TermDays = 20
    rectification_days: TermDays = 10
    cancellation_days: TermDays = 10
    opposition_days: TermDays = 10
    revocation_days: TermDays = 5
    extendable: frozenset[RequestKind] = frozenset(
        {"access", "portability", "rectification", "cancellation", "opposition"}
    )
    remind_days_before: Annotated[int, Field(ge=0, le=30)] = 3
    # From the moment an incident is known: the authority and the women hear of it, and the desk is reminded.
    notify_hours: Hours = 48
    remind_hours: Hours = 24
    # Whose cards a lost phone may hold: those opened so many days back, and those of visits so many days ahead.
    phone_days_back: Annotated[int, Field(ge=1, le=366)] = 30
    phone_days_ahead: Annotated[int, Field(ge=0, le=31)] = 3

    @field_validator("extendable", mode="before")
    @classmethod
    def _as_a_set(cls, kinds: Any) -> Any:
        """Take the list that a file can write."""
        return frozenset(kinds) if isinstance(kinds, list) else kinds

    @model_validator(mode="after")
    def _reminded_in_time(self) -> Self:
        if self.remind_hours >= self.notify_hours:
            message = f"remind_hours must be fewer than notify_hours ({self.notify_hours}), found {self.remind_hours}"
            raise ValueError(message)
        return self

    def days_of(self, kind: str) -> int:
        """Return the working days within which a request of that kind (a RequestKind) is answered."""
        return int(getattr(self, f"{kind}_days"))


class Releases(Part):
    """How long data that were given out are kept as they were, to be given again and compared."""

    keep_days: Annotated[int, Field(ge=30, le=3650)] = 1825
