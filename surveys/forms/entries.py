"""What becomes of something that was held, and why."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import EntryDecision


class EntryDecisionForm(forms.Form):
    """The decision and its reason, as codes."""

    decision = forms.ChoiceField(
        label=_("What becomes of it"), choices=EntryDecision.Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("Why"), choices=EntryDecision.Reason.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        self.helper.add_input(Submit("save", _("Decide"), css_class="btn-primary btn-lg w-100"))
