"""What the fields of back_checks/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "back_checks.BackCheck",
        identifier="participant submission first interviewer",
        quasi_identifier="asked_at channel missed_reason",
        internal="id given_at chosen_at window_from window_until status status_changed_at",
    ),
    **classed(
        "back_checks.BackCheckItem",
        quasi_identifier="first_answer answer",
        study="question kind within differs",
        internal="id back_check",
    ),
    **classed(
        "back_checks.BackCheckTry",
        identifier="made_by",
        quasi_identifier="attempted_at channel outcome",
        internal="id back_check recorded_at",
    ),
}
