"""Finding a certificate by what is printed on it."""

from training.certificate_code import as_stored
from training.models import Certificate


def certificate_with(typed: str) -> Certificate | None:
    """Return the certificate of a code as somebody typed it, None if there is none; also one that holds no more."""
    found = Certificate.objects.filter(code=as_stored(typed))
    return found.select_related("attendance__officer", "attendance__session").first()
