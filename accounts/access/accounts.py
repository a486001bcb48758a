"""Who opens the pages of accounts/."""

from accounts.access.groups import ADMIN, ANALYSTS, PUBLIC, SIGNED_IN

PAGES: dict[str, frozenset[str]] = {
    "sign_in": PUBLIC,
    "sign_out": SIGNED_IN,
    "set_language": PUBLIC,
    "home": SIGNED_IN,
    "password_change": SIGNED_IN,
    "own_address": SIGNED_IN,
    "account_list": ADMIN,
    "account_address": ADMIN,
    "address_hold_list": ADMIN,
    "token_list": ANALYSTS | ADMIN,
    "token_end": ANALYSTS | ADMIN,
}
