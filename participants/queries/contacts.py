"""How women are reached: which contacts outside their safe times are allowed, whose plan is to be reviewed."""

from datetime import date, datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, When

from accounts.models import User
from accounts.roles import POLICE_ROLES, Role
from participants.models import ContactOverride, ContactReview, Participant, ParticipantQuerySet
from participants.safe_contact import Contact, Hours
from protocol.queries import current_protocol


def override_for(participant: Participant, kind: Contact, on: date, window: Hours) -> ContactOverride | None:
    """Return the exception that allows a contact of this kind in the whole of a day's window (Lima's hours)."""
    covering = ContactOverride.objects.filter(
        participant=participant,
        kind=kind,
        on=on,
        window_from__lte=window[0],
        window_until__gte=window[1],
        ended_at=None,
    )
    return covering.first()


def has_visit_override() -> Exists:
    """Return the condition that an exception allows a visit: rows with participant, planned_on and the window."""
    return Exists(
        ContactOverride.objects.filter(
            participant=OuterRef("participant"),
            kind=Contact.VISIT,
            on=OuterRef("planned_on"),
            window_from__lte=OuterRef("window_from"),
            window_until__gte=OuterRef("window_until"),
            ended_at=None,
        )
    )


def contact_reviews_due(user: User, now: datetime) -> ParticipantQuerySet:
    """Return the women in a person's care whose safe-contact plan is to be reviewed, those wanted at once first.

    As `safe_contact.review_due_at` says. Her interviewer is not told of what happened to her: for her only the age
    of the last review counts.
    """
    old = Q(safe_contact__reviewed_at__lte=now - timedelta(days=current_protocol().cards.review_days))
    wanted = Q(safe_contact__review_wanted_at__gt=F("safe_contact__reviewed_at"))
    due = old | wanted if user.role in POLICE_ROLES else old
    women = Participant.objects.visible_to(user).in_follow_up().filter(due)
    is_later = Case(When(wanted, then=0), default=1) if user.role in POLICE_ROLES else Case(default=1)
    return women.select_related("safe_contact", "sealed_card", "vault_key").order_by(
        is_later, "safe_contact__reviewed_at", "study_code"
    )


def last_contact_review(user: User, participant: Participant) -> ContactReview | None:
    """Return the last review of her plan, with who made it; None where the other side did: that is not hers to know."""
    reviews = ContactReview.objects.filter(participant=participant).select_related("reviewed_by")
    last = reviews.order_by("-reviewed_at", "-pk").first()
    is_police = last is not None and last.reviewed_by.role in POLICE_ROLES
    sees = user.role == Role.SAFETY_OFFICER or is_police == (user.role in POLICE_ROLES)
    return last if last is not None and sees else None
