from datetime import UTC, datetime

import pytest
from django.utils import translation

from participants.templatetags.participants import day_and_hour


@pytest.mark.parametrize(
    ("language", "said"), [("es", "domingo 29 de noviembre, 15:05"), ("en", "Sunday 29 November, 15:05")]
)
def test_moment_reads_as_within_a_sentence(language, said):
    with translation.override(language):
        assert day_and_hour(datetime(2026, 11, 29, 20, 5, tzinfo=UTC)) == said
