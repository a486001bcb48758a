import pytest

from messaging.numbers import sms_number


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("987654321", "+51987654321"),
        ("987 654 321", "+51987654321"),
        ("987-654-321", "+51987654321"),
        ("+51 987 654 321", "+51987654321"),
        ("0051987654321", "+51987654321"),
        ("51987654321", "+51987654321"),
        ("+34 612 345 678", "+34612345678"),
        ("", None),
        ("no tiene", None),
        ("98765432", None),
        ("9876543210", None),
        # A landline of Lima.
        ("01 4567890", None),
        # What the synthetic study gives: no network knows it.
        ("000000123", None),
    ],
)
def test_a_telephone_is_written_in_one_form_or_is_none(written, expected):
    assert sms_number(written) == expected
