"""What programs open: the description of the API, and the addresses that take a key."""

from accounts.access.groups import SIGNED_IN
from accounts.tokens import TokenScope

PAGES: dict[str, frozenset[str]] = {
    "schema": SIGNED_IN,
}

# The addresses that a program may open by a key of its owner, and the scope that the key must have. No other address
# takes one, those of the officers' phones least of all.
SCOPE_NEEDED: dict[str, TokenScope] = {
    "dataset_api_list": TokenScope.DATASETS,
    "dataset_api_detail": TokenScope.DATASETS,
    "dataset_api_rows": TokenScope.DATASETS,
    "log_api_list": TokenScope.VISITS,
    "release_api_list": TokenScope.RELEASES,
    "release_api_file": TokenScope.RELEASES,
}
