"""In which district a woman lives: the code of one of the public list, or what else she answers.

It lies in her sealed card and, as a hash bound to her, beside the hashes that find her: only somebody's own district
can be asked whether it is hers, too.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HomeAnswer(TextChoices):
    """What she may answer beside a district of the list."""

    ELSEWHERE = "elsewhere", _("None of these districts")
    UNSAID = "unsaid", _("She does not say")
