"""What the application on the phone says, by name: its modules hold no text of their own.

Where a number is named there are two, `…_one` and `…_many`. What stands in braces is filled in on the phone.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, str | Promise] = {
    # the door
    "pin_title": _("PIN"),
    "pin_choose": _("Choose a PIN for this telephone"),
    "pin_why": _("Six digits that only you know. They open your agenda on this telephone, without a signal too."),
    "pin_lost": _("If you forget it, sign in again with a signal: what you wrote is not lost."),
    "pin_new": _("New PIN (six digits)"),
    "pin_again": _("The same PIN again"),
    "pin_save": _("Use this PIN"),
    "pin_six": _("A PIN has six digits."),
    "pin_easy": _("Anybody would try this PIN first: choose another."),
    "pin_differs": _("The two are not the same: type it again."),
    "pin_ask": _("Your PIN"),
    "pin_whose": _("Signed in: {name}"),
    "pin_give": _("PIN (six digits)"),
    "pin_open": _("Open"),
    "pin_wrong_one": _("Not this PIN. One more try; then the cards are deleted from this telephone."),
    "pin_wrong_many": _("Not this PIN. {n} more tries; then the cards are deleted from this telephone."),
    "one_moment": _("One moment…"),
    "sign_in": _("Sign in"),
    "sign_in_again": _("Sign in with another account"),
    "pin_forgot": _("I forgot the PIN"),
    "forgot_why": _(
        "Without the PIN nothing opens here. Your days and cards are deleted from this telephone; what you have not "
        "sent stays on it, sealed. Then, with a signal, sign in and choose a new PIN."
    ),
    "forgot_go": _("Delete and choose a new PIN"),
    "try_again": _("Try again"),
    "door_checking": _("One moment…"),
    "door_checking_why": _("Looking whether there is a signal."),
    "door_no_signal": _("There is no signal"),
    "door_no_signal_why": _(
        "This telephone has to reach the server before it opens: the first time, and after a day without it."
    ),
    "door_sign_in": _("Sign in"),
    "door_sign_in_why": _("Sign in with your account; then your PIN opens this telephone."),
    "door_not_for_you": _("Not for this account"),
    "door_not_for_you_why": _("This part is for those who visit."),
    "door_wiped": _("The cards were deleted"),
    "door_wiped_why": _(
        "The PIN was wrong five times. What you had not sent is kept sealed: "
        "sign in with a signal and choose a new PIN, and it goes on its way."
    ),
    "door_forgotten": _("The cards were deleted"),
    "door_forgotten_why": _(
        "What you had not sent is kept sealed: sign in with a signal and choose a new PIN, and it goes on its way."
    ),
    "door_revoked": _("This telephone was closed"),
    "door_revoked_why": _(
        "Its cards were deleted. Ask your supervisor; "
        "once you may sign in again, what you had not sent goes on its way."
    ),
    "kept_sealed_one": _("{n} thing that you wrote is kept sealed on this telephone until you are signed in."),
    "kept_sealed_many": _("{n} things that you wrote are kept sealed on this telephone until you are signed in."),
    # everywhere
    "back": _("Back"),
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "tomorrow": _("Tomorrow"),
    "another_day": _("Another day"),
    "tab_days": _("Days"),
    "tab_unsent": _("Sent and not"),
    "tab_more": _("More"),
    "not_asked": _("Not asked"),
    "undo": _("Undo"),
    "discard": _("Delete what I wrote here"),
    "ago_minute_one": _("{n} min"),
    "ago_minute_many": _("{n} min"),
    "ago_hour_one": _("{n} h"),
    "ago_hour_many": _("{n} h"),
    "ago_day_one": _("{n} day"),
    "ago_day_many": _("{n} days"),
    # how the line stands
    "line_offline": _("Without a signal. All works; what you write is sent later."),
    "line_signed_out": _("Your session ended. All works; sign in to send what waits."),
    "line_other_user": _("Another account is signed in. Sign in with yours to send what waits."),
    # her days
    "days_title": _("Days"),
    "yours": _("Yours"),
    "of_colleagues": _("Of colleagues"),
    "as_of": _("As of {when}"),
    "no_visits": _("No visits this day"),
    "no_visits_why": _("When something is planned for you it stands here."),
    "days_not_here": _("Your days are not here yet"),
    "days_not_here_why": _("They come as soon as there is a signal and you are signed in."),
    "cards_over": _(
        "A day without the server: the cards are hidden until there is a signal. You can still write logs."
    ),
    "clock_wrong_one": _("The clock of this telephone is {n} minute off: set it right."),
    "clock_wrong_many": _("The clock of this telephone is {n} minutes off: set it right."),
    "waiting_one": _("{n} on this telephone, for {age}"),
    "waiting_many": _("{n} on this telephone, oldest {age}"),
    "refused_one": _("{n} needs a correction"),
    "refused_many": _("{n} need a correction"),
    "drafts_one": _("{n} begun and not finished"),
    "drafts_many": _("{n} begun and not finished"),
    "conflicts_one": _("{n} that your supervisor decides about"),
    "conflicts_many": _("{n} that your supervisor decides about"),
    "unsent_old": _("This has waited long: look for a signal, or save it as a file."),
    "see_unsent": _("See them"),
    "visit_moved": _("Moved"),
    "visit_moved_why": _("This visit was moved or cancelled meanwhile. What you wrote is sent all the same."),
    "log_draft": _("Begun"),
    "log_queued": _("Waits"),
    "log_sending": _("Being sent"),
    "log_refused": _("To correct"),
    "log_received": _("Received"),
    "log_conflict": _("Supervisor decides"),
    "log_logged": _("Logged"),
    # one visit
    "visit_title": _("Visit"),
    "visit_gone": _("Not here any more"),
    "visit_gone_why": _("This visit is not among your days."),
    "arrive_safely": _("Arrive safely"),
    "do_not_approach": _("Do not approach if:"),
    "safe_now": _("A safe time now"),
    "not_safe_now": _("Not a safe time now"),
    "safe_times": _("Safe days and hours"),
    "code_word": _("Code word"),
    "who_may_be_home": _("Who may be at home"),
    "if_someone_else": _("If somebody else answers, say"),
    "name": _("Name"),
    "address": _("Address"),
    "telephone": _("Telephone"),
    "card_over": _("A day without the server: her card is hidden until there is a signal."),
    "card_not_yours": _("This visit is a colleague’s: her card is not on this telephone."),
    "card_card_not_due": _("Her card opens when the visit is near."),
    "card_consent_missing": _("She has not agreed to be visited: do not go."),
    "card_conflict_of_interest": _("Her card does not open for you: somebody else goes."),
    "card_closed": _("Her card does not open here: ask your supervisor."),
    "covered": _("Her data are covered."),
    "show_again": _("Show them again"),
    "alone_question": _("Are you alone with her?"),
    "alone_yes": _("Alone: log the visit"),
    "alone_no": _("Not alone: break off"),
    "not_spoken": _("I did not speak with her"),
    "broken_off": _("Logged: you broke off, you were not alone."),
    "already_logged": _("This visit has its log."),
    "go_on": _("Go on with the log"),
    "correct": _("Correct"),
    # the log
    "log_title": _("Log"),
    "save": _("Save the visit"),
    "more_of_visit": _("More about the visit"),
    "not_saved_yet": _("Nothing was saved yet"),
    "kept_here": _("Kept on this telephone"),
    "not_kept": _("This telephone could not keep it: free some space."),
    "refused_because": _("The server did not take it:"),
    "refused_unknown": _("it did not say why. Look through it and save it again."),
    # the sheet
    "sheet_title": _("Sheet"),
    "sheet_fill": _("Fill in the sheet"),
    "sheet_written": _("The sheet is filled in."),
    "sheet_how": _(
        "Ask in private and in her words. Leave “Blank” where she does not know or does not wish to say: "
        "a blank is never taken as a no."
    ),
    "sheet_questions": _("Questions"),
    "sheet_vulnerability": _("Vulnerability"),
    "sheet_judgement": _("Your judgement"),
    "answer_si": _("Yes"),
    "answer_no": _("No"),
    "answer_blank": _("Blank"),
    "own_rating": _("How much danger does she feel that she is in? (0 none, 10 the greatest)"),
    "own_level": _("Level in your judgement"),
    "as_sheet_gives": _("As the sheet gives it"),
    "only_higher": _("Only if it should be higher than the sheet gives. It cannot be lower."),
    "why_higher": _("Why higher"),
    "reason_needed": _("Say why the level should be higher."),
    "sheet_result": _("{score} points · {level}"),
    "sheet_open": _("Too many blanks to tell a level"),
    "sheet_missing_one": _("{n} blank: incomplete."),
    "sheet_missing_many": _("{n} blanks: incomplete."),
    "sheet_save": _("Save the sheet"),
    # what waits
    "unsent_title": _("Sent and not"),
    "nothing_waits": _("Nothing waits"),
    "nothing_waits_why": _("What you write stands here until the server has it, and its receipt for a week."),
    "a_visit": _("A visit"),
    "a_log": _("Log"),
    "a_sheet": _("Sheet"),
    "draft_of": _("Begun, not saved"),
    "receipt": _("Received {when} · {hash}"),
    "conflict_why": _("There are two logs of this visit. Both are kept; your supervisor decides."),
    "send_now": _("Send now"),
    "save_file": _("Save as a sealed file"),
    "save_file_why": _(
        "If this telephone cannot send any more: give the file to your supervisor. Nobody can read it but the server."
    ),
    # more
    "more_title": _("More"),
    "last_contact": _("Last contact with the server"),
    "clock_off": _("The clock is off by"),
    "seconds_one": _("{n} second"),
    "seconds_many": _("{n} seconds"),
    "lasting": _("Kept by the browser"),
    "lasting_yes": _("yes, also when space runs out"),
    "lasting_no": _("only while there is space: send often"),
    "others_wait_one": _("{n} thing of another person waits here, sealed."),
    "others_wait_many": _("{n} things of other people wait here, sealed."),
    "lock": _("Lock"),
    "sign_out": _("Sign out"),
    "other_pages": _("All pages, with a signal"),
    "exit_how": _(
        "“Exit quickly”, Shift three times or shaking the telephone leaves at once. "
        "Without a signal a calendar is shown: to come back, touch today in it. It cannot clear the browser’s history."
    ),
    "leave_why": _("Your days and cards are deleted from this telephone. To come back you need a signal."),
    "unsent_leave_one": _("{n} thing that you wrote was not sent."),
    "unsent_leave_many": _("{n} things that you wrote were not sent."),
    "unsent_leave_why": _(
        "If you sign out now they stay here sealed, and go on their way only when you sign in on this telephone again."
    ),
    "leave_anyway": _("Sign out all the same"),
    "leave_now": _("Sign out and delete"),
    "stay": _("Stay"),
    "oldest_since": _("The oldest is of {when}."),
}


def as_data() -> dict[str, str]:
    """Return the texts in the language in force."""
    return {name: str(text) for name, text in TEXTS.items()}
