"""Asking for a release, and deciding about one."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from panel import queries
from panel.columns import DataSet
from panel.formats import Form
from panel.generalising import rules_for
from panel.models import LANGUAGES
from panel.services import Terms
from panel.shapes import Shape

FORM_LABELS = (
    (Form.CSV, "CSV"),
    (Form.PARQUET, "Parquet"),
    (Form.DTA, "Stata (.dta)"),
    (Form.SAV, "SPSS (.sav)"),
)


class ReleaseForm(forms.Form):
    """What somebody asks for, and what for."""

    purpose = forms.CharField(
        label=_("What for"),
        max_length=200,
        help_text=_("The analysis in a few words. It stands in every copy: write no name."),
    )
    datasets = forms.MultipleChoiceField(label=_("Tables"), widget=forms.CheckboxSelectMultiple)
    file_forms = forms.MultipleChoiceField(
        label=_("Forms"), choices=FORM_LABELS, widget=forms.CheckboxSelectMultiple, initial=[Form.CSV]
    )
    shape = forms.ChoiceField(
        label=_("Panels"),
        choices=Shape.choices,
        widget=forms.RadioSelect,
        initial=Shape.LONG,
        help_text=_("Those by wave and by month can be wide: a column for each period of what changes."),
    )
    language = forms.ChoiceField(label=_("Language of the labels"), choices=LANGUAGES, widget=forms.RadioSelect)
    generalised = forms.MultipleChoiceField(
        label=_("Make coarser or leave out"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Women hide better among others, and a second person is asked less often."),
    )
    shift_days = forms.BooleanField(
        label=_("Move each woman's days by a number of her own"),
        required=False,
        help_text=_("At most fifteen days, the same for all her rows."),
    )
    stable_codes = forms.BooleanField(
        label=_("The same codes as in other files"),
        required=False,
        help_text=_("Needs a second person's yes: files with the same codes can be joined."),
    )

    def __init__(self, *args: Any, user: User, datasets: Sequence[DataSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "es"
        self.fields["language"].initial = language[:2]
        self.fields["datasets"].choices = [(dataset.name, dataset.name) for dataset in datasets]  # type: ignore[attr-defined]
        rules = rules_for(datasets).items()
        self.fields["generalised"].choices = [(code, label.in_language(language)) for code, label in rules]  # type: ignore[attr-defined]
        if queries.reads_arm(user):
            self.fields["with_arm"] = forms.BooleanField(
                label=_("With the columns that tell the groups apart"),
                required=False,
                help_text=_("Needs a second person's yes."),
            )
        self.helper = FormHelper()
        self.helper.add_input(Submit("ask", _("Ask for the release")))

    @property
    def terms(self) -> Terms:
        """Return what was asked for."""
        said = self.cleaned_data
        return Terms(
            datasets=tuple(said["datasets"]),
            forms=tuple(said["file_forms"]),
            language=said["language"],
            shape=said["shape"],
            with_arm=said.get("with_arm", False),
            stable_codes=said["stable_codes"],
            shift_days=said["shift_days"],
            generalised=tuple(said["generalised"]),
        )


class DecisionForm(forms.Form):
    """A yes or no, and why."""

    note = forms.CharField(
        label=_("Why, in a few words"), max_length=200, required=False, help_text=_("The other person reads it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("yes", _("Approve")))
        self.helper.add_input(Submit("no", _("Turn down"), css_class="btn-outline-danger"))
