"""Which protocol rules now."""

from functools import lru_cache

from accounts.errors import StudyError
from protocol.models import ProtocolVersion
from protocol.schema import StudyProtocol, parse_protocol


class NoProtocol(StudyError):
    """No protocol was loaded yet."""

    code = "no_protocol"
    message = "No protocol is loaded: an administrator loads one with manage.py load_protocol."
    http_status = 409


def active_version() -> ProtocolVersion:
    """Return the version that rules now. Raises NoProtocol."""
    version = ProtocolVersion.objects.filter(is_active=True).first()
    if version is None:
        raise NoProtocol
    return version


def protocol_of(version: ProtocolVersion) -> StudyProtocol:
    """Return what a version says, whichever rules now."""
    return _parsed(version.sha256)


def current_protocol() -> StudyProtocol:
    """Return the protocol that rules now, parsed once per process and version. Raises NoProtocol."""
    sha256 = ProtocolVersion.objects.filter(is_active=True).values_list("sha256", flat=True).first()
    if sha256 is None:
        raise NoProtocol
    return _parsed(sha256)


@lru_cache(maxsize=8)
def _parsed(sha256: str) -> StudyProtocol:
    version = ProtocolVersion.objects.get(sha256=sha256)
    return parse_protocol(version.source, name=str(version))
