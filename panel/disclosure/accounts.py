"""What the fields of accounts/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "accounts.User",
        identifier="password username display_name work_email",
        internal=("id last_login role language hears_mornings is_active created_at session_epoch must_change_password"),
    ),
    **classed(
        "accounts.Token",
        identifier="owner ended_by purpose token_hmac",
        internal="id scopes session_epoch made_at expires_at last_used_at ended_at",
    ),
    **classed("accounts.FailedName", identifier="network name_hmac", internal="id failed_at"),
    **classed("accounts.AddressHold", identifier="network", internal="id began_at until names held_back"),
}
