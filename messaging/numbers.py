"""Telephones as people write them, in the one form that a gateway takes."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

COUNTRY = "PE"
_TAKES_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def sms_number(text: str) -> str | None:
    """Return a telephone as +51987654321, None when no SMS can go there: no number, too short, or a landline.

    Without a country it is Peru's. A wrong number would ring in somebody else's pocket: what is doubtful is none.
    """
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TAKES_SMS:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
