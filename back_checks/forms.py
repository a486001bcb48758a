"""The few answers, a try to reach her, and why she was not asked."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from back_checks.comparing import NO, NOT_SAID, YES, said_first
from back_checks.models import BackCheck
from back_checks.questions import Question
from back_checks.services.asking import LARGEST_NUMBER
from participants.safe_contact import Contact
from surveys.forms.attempts import MomentField
from surveys.models import CallAttempt
from surveys.xforms.wording import in_language

_NOT_SAID = (NOT_SAID, _("Prefers not to say"))


class ContactForm(forms.Form):
    """When and how she was contacted: by a way that she chose."""

    at = MomentField(label=_("When"))
    channel = forms.TypedChoiceField(label=_("How"), coerce=Contact, widget=forms.RadioSelect)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [choice for choice in Contact.choices if choice[0] in (Contact.VISIT, channel)]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        self.fields["channel"].initial = channel
        self.fields["at"].initial = timezone.localtime()
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}


class AnswersForm(ContactForm):
    """The few questions in the questionnaire's words; what she prefers not to say stays empty."""

    is_private = forms.BooleanField(label=_("She is alone, can talk at ease, and agrees to a few questions"))
    took_place = forms.ChoiceField(
        label=_("In these weeks, did somebody of our team talk with her and ask her questions?"),
        choices=[(YES, _("Yes")), (NO, _("No")), _NOT_SAID],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "es"
        for question in questions:
            above = " · ".join(in_language(words, language) for words in question.above)
            self.fields[question.name] = _field(question, language, above)
        self.helper.add_input(Submit("save", _("Save"), css_class="btn-primary btn-lg w-100"))

    def answers(self) -> dict[str, str]:
        """Return the answers by question, "" for what she prefers not to say."""
        own = {"at", "channel", "is_private"}
        return {name: said_first(value) for name, value in self.cleaned_data.items() if name not in own}


class TryForm(ContactForm):
    """A try, and what came of it."""

    outcome = forms.TypedChoiceField(
        label=_("What came of it"),
        choices=CallAttempt.Outcome.choices,
        coerce=CallAttempt.Outcome,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.add_input(Submit("save", _("Save the attempt"), css_class="btn-primary btn-lg w-100"))


class ReasonForm(forms.Form):
    """Why she was not asked, as a code."""

    reason = forms.TypedChoiceField(
        label=_("Why she was not asked"),
        choices=[one for one in BackCheck.MissedReason.choices if one[0] != BackCheck.MissedReason.NOBODY_FREE],
        coerce=BackCheck.MissedReason,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the reason"), css_class="btn-primary btn-lg w-100"))


def _field(question: Question, language: str, above: str) -> forms.Field:
    label = in_language(question.label, language)
    if question.is_number:
        return forms.IntegerField(
            label=label,
            help_text=_("Empty if she prefers not to say."),
            required=False,
            min_value=0,
            max_value=LARGEST_NUMBER,
        )
    choices = [(code, in_language(words, language)) for code, words in question.choices]
    return forms.ChoiceField(label=label, help_text=above, choices=[*choices, _NOT_SAID], widget=forms.RadioSelect)
