"""One password tried on many names: how many names may fail at one address, and which browsers are known there."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

# How many different names may fail, and not succeed afterwards, within so long [ours]. In the morning a whole station,
# or a mobile network, comes from one address: of some 300 people a tenth mistypes once, nearly all succeed then.
MOST_NAMES: Mapping[timedelta, int] = {timedelta(hours=1): 30, timedelta(days=1): 100}
LONGEST = max(MOST_NAMES)
# From the last failure on.
HOLD = timedelta(hours=1)
# How long it is kept that an address was held up.
KEPT = timedelta(days=90)
# Whoever has one IPv6 address has all of its network.
_IPV6_PREFIX = 64
_NAME_SALT, _BROWSER_SALT = "accounts.failed_name", "accounts.known_browser"
# A shared computer of a station remembers the last people who signed in on it.
MOST_KNOWN = 40
_TAG_DIGITS = 32


def network_of(address: str) -> str:
    """Return what is counted together with an address: itself, of IPv6 its /64; "" for what is none."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ip_network((int(read), _IPV6_PREFIX), strict=False))
    return str(read)


def is_spraying(names: Mapping[timedelta, int]) -> bool:
    """Say whether so many names, by window, failed at one address that somebody tries them one after the other."""
    return any(names[within] >= most for within, most in MOST_NAMES.items())


def name_hmac(name: str) -> str:
    """Return the keyed hash under which a name that failed is counted: which names were tried is kept nowhere here."""
    return salted_hmac(_NAME_SALT, name, algorithm="sha256").hexdigest()


def knows(browser: str, user_id: int, epoch: int) -> bool:
    """Say whether a browser's cookie shows that this account signed in on it, since its sessions were last ended."""
    tag = _tag(user_id, epoch)
    return any(constant_time_compare(tag, shown) for shown in _tags(browser))


def with_known(browser: str, user_id: int, epoch: int) -> str:
    """Return the cookie of a browser on which an account has just signed in, the latest first; it names nobody."""
    tag = _tag(user_id, epoch)
    return ".".join([tag, *(one for one in _tags(browser) if one != tag)][:MOST_KNOWN])


def _tags(browser: str) -> Collection[str]:
    return [one for one in browser.split(".")[:MOST_KNOWN] if len(one) == _TAG_DIGITS and one.isalnum()]


def _tag(user_id: int, epoch: int) -> str:
    said = f"{user_id}:{epoch}"
    return salted_hmac(_BROWSER_SALT, said, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()[:_TAG_DIGITS]
