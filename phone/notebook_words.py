"""What the application says to those who ask, where it is not what it says to those who visit (phone/texts.py)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, str | Promise] = {
    "door_not_for_you_why": _("This part is for those who ask."),
    "door_revoked_why": _(
        "Its cards were deleted. Ask the study's administrator; "
        "once you may sign in again, what you had not sent goes on its way."
    ),
    # the list
    "tab_days": _("List"),
    "days_title": _("Whom to ask"),
    "no_visits": _("Nobody to ask this week"),
    "no_visits_why": _("When somebody is due she stands here."),
    "days_not_here": _("Your list is not here yet"),
    "days_not_here_why": _("It comes as soon as there is a signal and you are signed in."),
    "cards_over": _(
        "A day without the server: the cards are hidden until there is a signal, and nothing new can be begun."
    ),
    "later": _("Later this week"),
    "until": _("until {day}"),
    "tried_one": _("{n} try"),
    "tried_many": _("{n} tries"),
    "conflicts_one": _("{n} kept aside"),
    "conflicts_many": _("{n} kept aside"),
    "log_conflict": _("Kept aside"),
    "conflict_why": _("It came after this survey had changed: it is kept aside, whole."),
    # one survey
    "visit_title": _("Conversation"),
    "visit_gone_why": _("This one is not on your list."),
    "visit_moved_why": _("This was taken off your list meanwhile. What you wrote is sent all the same."),
    "card_closed": _("Her card does not open here: do not contact her, and ask the study's administrator."),
    "begin": _("Begin"),
    "go_on": _("Go on with it"),
    "begun_before": _("Part of this one was answered before: it goes on from there."),
    "opens_on": _("It opens on {day}."),
    "no_form": _("Its questionnaire is not here yet."),
    "write_attempt": _("Write down a try"),
    "what_was_tried": _("What was tried"),
    "after": _("Help to offer, and how it went"),
    # before
    "is_she_alone": _("Is she alone?"),
    "nobody_hears": _(
        "Nobody may hear you: children over two years count too. Ask her whether this is a good moment, "
        "and tell her that she may stop whenever she wants."
    ),
    "cover_how": _("If somebody comes in, one tap on “Another sheet” shows a harmless one; your PIN brings this back."),
    "alone_yes": _("We are alone: begin"),
    "alone_no": _("She is not alone: another day"),
    # the questionnaire
    "answered": _("Questions answered"),
    "cover": _("Another sheet"),
    "form_failed": _("The questionnaire does not open on this telephone: ask on paper."),
    "files_missing": _(
        "The pictures or lists of this questionnaire are not on this telephone yet. They come with a signal: "
        "open it then, or ask on paper."
    ),
    "sheet_heading": _("Your neighbourhood"),
    "sheet_code": _("Code of the sheet"),
    "sheet_next": _("Next"),
    "sheet_code_wrong": _("The code does not fit."),
    # a try
    "attempted_at": _("When"),
    "channel": _("How"),
    "outcome": _("What came of it"),
    "next_at": _("Next attempt"),
    "outside_reason": _("Why outside her safe times"),
    "within": _("It was within them"),
    "sentence": _("Why she must be reached at this time"),
    "say_nothing": _("If anybody else answers, say nothing of what this is about, leave no name, and follow her card."),
    "save_attempt": _("Save the attempt"),
    "needed": _("An answer is needed here."),
    "look_again": _("This answer cannot be: please look at it again."),
    "attempt_ahead": _("This lies ahead: write down what was tried."),
    "next_behind": _("The next attempt lies ahead."),
    "next_not_safe": _("Choose a moment within her safe times for the next attempt."),
    "say_why_outside": _(
        "This was outside her safe times. Say why she was tried then: the safety officer hears of it."
    ),
    # after
    "thank_you": _("Thank you"),
    "another_day": _("Another day"),
    "saved_here": _("It is kept sealed on this telephone, and is sent as soon as there is a signal."),
    "nothing_was_asked": _(
        "Nothing was asked. The survey stays on your list for a moment when you are alone with her."
    ),
    "she_declined": _(
        "She prefers not to answer this time. That is her right, and changes nothing in the care that she receives."
    ),
    "offer_lines": _("Offer her these lines, always"),
    "offer_service": _("Offer a service"),
    "offer_service_how": _("This page needs a signal."),
    "when_again": _("When again?"),
    "how_did_it_go": _("How did it go?"),
    "wish": _("Whom does she want to talk to next time?"),
    "codes": _("How was it?"),
    "note": _("Note"),
    "save_debrief": _("Save and finish"),
    "to_list": _("Back to the list"),
    "save_file_why": _(
        "If this telephone cannot send: the study’s administrator brings the file in. Only the server opens it."
    ),
    "her_part_ended": _("She has ended her part since: nothing of this may be kept. Delete it."),
    "a_survey": _("Survey"),
    "a_attempt": _("Attempt"),
    "a_debrief": _("How it went"),
}


def notebook_texts() -> dict[str, str]:
    """Return the texts in the language in force."""
    return {name: str(text) for name, text in TEXTS.items()}
