"""Why a survey is corrected, and which of two readings of a paper holds."""

from collections.abc import Collection
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import SubmissionVersion
from surveys.queries.papers import DifferenceRow

_NOT_CHOSEN = {SubmissionVersion.Reason.KEPT_ASIDE, SubmissionVersion.Reason.WENT_ON}


class CorrectionForm(forms.Form):
    """Why, as a code; the questionnaire follows on the next page."""

    motivo = forms.ChoiceField(
        label=_("Why it is corrected"),
        choices=[choice for choice in SubmissionVersion.Reason.choices if choice[0] not in _NOT_CHOSEN],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("", _("Correct"), css_class="btn-primary"))


class CompareForm(forms.Form):
    """One choice for each difference."""

    def __init__(self, *args: Any, rows: Collection[DifferenceRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            self.fields[row.name] = forms.TypedChoiceField(
                label=row.label, coerce=int, choices=[(1, row.first), (2, row.second)], widget=forms.RadioSelect
            )
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", _("Keep these answers"), css_class="btn-primary btn-lg w-100"))
