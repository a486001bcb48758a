from datetime import timedelta

import pytest
from django.utils import translation

from safety.presenters import clock_text


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=2), "faltan 3 días"),
        (timedelta(hours=47, minutes=59), "faltan 47 h"),
        (timedelta(hours=3), "faltan 3 h"),
        (timedelta(hours=1), "falta 1 h"),
        (timedelta(minutes=59, seconds=59), "faltan 59 minutos"),
        (timedelta(minutes=1), "falta 1 minuto"),
        (timedelta(0), "vencido hace 0 minutos"),
        (timedelta(minutes=-1), "vencido hace 1 minuto"),
        (timedelta(hours=-2, minutes=-59), "vencido hace 2 h"),
        (timedelta(hours=-48), "vencido hace 2 días"),
    ],
)
def test_the_clock_in_words(left, words):
    with translation.override("es"):
        assert clock_text(left) == words
