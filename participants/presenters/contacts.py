"""What pages show of a woman's safe-contact plan: whether this is a safe moment, and how old its last review is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import POLICE_ROLES
from participants import queries
from participants.models import ContactReview, Participant
from participants.safe_contact import Contact, is_safe, review_due_at
from protocol.queries import current_protocol


@dataclass(frozen=True, slots=True)
class PlanState:
    """Her plan at a moment: safe now or not, when it was reviewed, by whom if the reader may know, and if it is due."""

    is_safe_now: bool
    reviewed_at: datetime
    days: int
    is_due: bool
    is_wanted: bool
    review: ContactReview | None = None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A woman whose plan is to be reviewed."""

    participant: Participant
    state: PlanState
    masked_name: str


def plan_state(user: User, participant: Participant, now: datetime) -> PlanState:
    """Return how it stands with a woman's plan, as a person may know it."""
    review = queries.last_contact_review(user, participant)
    return _state(user, participant, now, current_protocol().cards.review_days, review)


def review_rows(user: User, participants: Iterable[Participant], now: datetime) -> list[ReviewRow]:
    """Return the women in the order given, with initials."""
    women = list(participants)
    names, review_days = queries.masked_names(women), current_protocol().cards.review_days
    return [ReviewRow(woman, _state(user, woman, now, review_days), names[woman.pk]) for woman in women]


def _state(
    user: User, participant: Participant, now: datetime, review_days: int, review: ContactReview | None = None
) -> PlanState:
    plan = participant.safe_contact
    wanted_at = plan.review_wanted_at if user.role in POLICE_ROLES else None
    return PlanState(
        is_safe_now=is_safe(plan.times, now, Contact.VISIT),
        reviewed_at=plan.reviewed_at,
        days=max((now - plan.reviewed_at).days, 0),
        is_due=review_due_at(plan.reviewed_at, wanted_at, review_days) <= now,
        is_wanted=wanted_at is not None and wanted_at > plan.reviewed_at,
        review=review,
    )
