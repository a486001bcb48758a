"""Which queries to list, what is behind one, and why one is accepted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quality.measures import OF_OFFICERS, Measure
from quality.models import QualityQuery, QueryStep
from quality.queries.lists import Chosen
from quality.rules import RuleCode
from quality.states import State


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class QueryFilterForm(forms.Form):
    """By state, rule and station."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Waiting")), *State.choices], required=False, widget=_select()
    )
    rule = forms.ChoiceField(
        label=_("Rule"), choices=[("", _("All")), *RuleCode.choices], required=False, widget=_select()
    )
    station = forms.TypedChoiceField(label=_("Station"), coerce=int, empty_value=None, required=False, widget=_select())

    def __init__(self, *args: Any, stations: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].choices = [("", _("All")), *stations.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Chosen:
        """Return the choice; none where it is not one that the form offers."""
        return Chosen(**self.cleaned_data) if self.is_valid() else Chosen()


class AnswerForm(forms.Form):
    explanation = forms.ChoiceField(
        label=_("What is behind it"), choices=QueryStep.Explanation.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, query: QualityQuery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("quality_answer", query, _("Answer"), "btn-primary")


class AcceptForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why"), choices=QueryStep.AcceptedReason.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, query: QualityQuery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("quality_accept", query, _("Accept as it is"), "btn-outline-primary")


def _helper(name: str, query: QualityQuery, label: Any, css: str) -> FormHelper:
    helper = FormHelper()
    helper.form_action = reverse(name, args=[query.pk])
    helper.add_input(Submit("save", label, css_class=css))
    return helper


class MeasureForm(forms.Form):
    """Which share to look at, and since when; a supervisor chooses among those of officers."""

    measure = forms.ChoiceField(label=_("What is compared"), required=False, widget=_select())
    span = forms.ChoiceField(
        label=_("Since"),
        choices=[("", _("The beginning")), ("3", _("Three months")), ("1", _("This month"))],
        required=False,
        widget=_select(),
    )

    def __init__(self, *args: Any, may_read_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = list(Measure) if may_read_all else list(OF_OFFICERS)
        self.fields["measure"].choices = [(one.value, one.label) for one in measures]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Measure:
        """Return the measure that was chosen, the first where it is none that the form offers."""
        self.is_valid()
        return Measure(self.cleaned_data.get("measure") or Measure.MET)

    def since(self, today: date) -> date | None:
        """Return the first day of the first month that counts; None from the beginning."""
        self.is_valid()
        months = int(self.cleaned_data.get("span") or 0)
        first = today.year * 12 + today.month - months
        return date(first // 12, first % 12 + 1, 1) if months else None
