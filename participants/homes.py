"""In which district a woman lives: the code of one of the public list, or what else she answers.

It lies in her sealed card and, as a hash bound to her, beside the hashes that find her: only somebody's own district
can be asked whether it is hers, too.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stations.queries import district_names


class HomeAnswer(TextChoices):
    """What she may answer beside a district of the list."""

    ELSEWHERE = "elsewhere", _("None of these districts")
    UNSAID = "unsaid", _("She does not say")


def home_choices() -> list[tuple[str, str]]:
    """Return the districts by name, then the other answers; nothing first: not asked yet."""
    names = sorted(district_names().items(), key=lambda pair: (pair[1], pair[0]))
    answers = [(str(answer), str(answer.label)) for answer in HomeAnswer]
    return [("", gettext("Not asked yet")), *names, *answers]


def home_words(code: str) -> str:
    """Return an answer in words; a code that the list has no more stays as it is."""
    if not code:
        return gettext("Not asked yet")
    if code in HomeAnswer.values:
        return str(HomeAnswer(code).label)
    return district_names().get(code, code)
