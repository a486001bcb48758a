"""The search box: by what, and the words, which nothing keeps."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.searching import SearchKind


class SearchForm(forms.Form):
    """What a woman at the desk says of herself."""

    kind = forms.ChoiceField(
        label=_("Search by"), choices=SearchKind.choices, widget=forms.RadioSelect, initial=SearchKind.DOCUMENT
    )
    words = forms.CharField(
        label=_("What she says"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Whole, as it is on her card: a part of a name or of a number finds nobody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("search", _("Search"), css_class="btn-primary"))
