"""The districts among which a woman names hers, and her answer in words."""

from django.utils.translation import gettext as _

from participants.homes import HomeAnswer
from stations.queries import district_names


def home_choices() -> list[tuple[str, str]]:
    """Return the districts by name, then the other answers; nothing first: not asked yet."""
    names = sorted(district_names().items(), key=lambda pair: (pair[1], pair[0]))
    answers = [(str(answer), str(answer.label)) for answer in HomeAnswer]
    return [("", _("Not asked yet")), *names, *answers]


def home_words(code: str) -> str:
    """Return an answer in words; a code that the list has no more stays as it is."""
    if not code:
        return _("Not asked yet")
    if code in HomeAnswer.values:
        return str(HomeAnswer(code).label)
    return district_names().get(code, code)
