"""How somebody is after something hard."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from care.models import Debrief


class FeelingForm(forms.Form):
    """One code, hers alone to read."""

    feeling = forms.ChoiceField(label=_("How are you?"), choices=Debrief.Feeling.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Keep it"), css_class="btn-primary w-100"))

    @property
    def said(self) -> Debrief.Feeling:
        """Return the code that was chosen."""
        return Debrief.Feeling(self.cleaned_data["feeling"])


class HardTimeForm(FeelingForm):
    """The same about something that no rule found."""

    occasion = forms.ChoiceField(label=_("What was hard"), choices=Debrief.Occasion.choices, widget=forms.RadioSelect)
    field_order = ("occasion", "feeling")
