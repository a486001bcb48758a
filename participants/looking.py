"""Who looked at a woman's record: which acts of the audit count, what each is called, and what it was for.

The rooms above are named by the action, not imported: they know this one. An act that has no name of its own here is
shown all the same, as work with her record.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(TextChoices):
    """What somebody did with her record."""

    CARD = "card", _("Opened her card")
    EMERGENCY = "emergency", _("Declared an emergency to open her card")
    REFUSED = "refused", _("Asked for her card; it stayed closed")
    CONTACT = "contact", _("Reviewed how she is reached")
    COPY = "copy", _("Opened what she signed")
    NOTES = "notes", _("Opened notes about her")
    REPORT = "report", _("Read how she came to the station")
    FOUND = "found", _("Found her by a search")
    ENROLLED = "enrolled", _("Wrote her card")
    PAPER = "paper", _("Printed this list")
    PAGE = "page", _("Looked at this list")
    OTHER = "other", _("Worked with her record")


LOOKS: dict[str, Look] = {
    "participants.open_card": Look.CARD,
    "phone.give_cards": Look.CARD,
    "participants.open_in_emergency": Look.EMERGENCY,
    "participants.refuse_card": Look.REFUSED,
    "participants.update_safe_contact": Look.CONTACT,
    "participants.open_signed_copy": Look.COPY,
    "participants.read_report": Look.REPORT,
    "participants.find": Look.FOUND,
    "participants.enrol": Look.ENROLLED,
    "participants.correct_identity": Look.ENROLLED,
    "participants.print_who_looked": Look.PAPER,
    "participants.see_who_looked": Look.PAGE,
    "data_protection.open_copy": Look.CARD,
    "referrals.open_notes": Look.NOTES,
}
# What a card was opened for, as the audit keeps it.
PURPOSES: dict[str, Promise] = {
    "visit": _("Around a visit"),
    "survey": _("For a survey"),
    "phone": _("To be at hand on the telephone"),
    "review": _("To review how she is reached"),
    "emergency": _("As an emergency"),
}
REFUSALS: dict[str, Promise] = {
    "card_not_due": _("No visit was near"),
    "card_closed": _("Not from that account"),
    "act_refused": _("Not from that account"),
}


class Order(StrEnum):
    """Whether an act was in order, as far as anybody knows."""

    BY_RULE = "by_rule"
    TO_LOOK_AT = "to_look_at"
    LOOKED_AT = "looked_at"
    NOTHING_SHOWN = "nothing_shown"
    NOT_JUDGED = "not_judged"


def look_of(action: str) -> Look:
    """Return what an act of the audit was; one without a name of its own is work with her record."""
    return LOOKS.get(action, Look.OTHER)


def order_of(look: Look, *, is_noticed: bool, is_reviewed: bool) -> Order:
    """Judge an act: what was noticed waits for a verdict or has one; else a card that opened, opened by the rules."""
    if is_noticed:
        return Order.LOOKED_AT if is_reviewed else Order.TO_LOOK_AT
    if look == Look.REFUSED:
        return Order.NOTHING_SHOWN
    return Order.BY_RULE if look in {Look.CARD, Look.CONTACT, Look.COPY, Look.NOTES} else Order.NOT_JUDGED
