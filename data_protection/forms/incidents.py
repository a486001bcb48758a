"""The steps of an incident: written down, measures, women, told to the authority, closed."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from data_protection.models import Category, DataIncident, IncidentMeasure, IncidentWoman
from data_protection.services import IncidentFacts
from data_protection.telling import safe_ways

_MOMENT = "%Y-%m-%dT%H:%M"
Status = DataIncident.Status


class MomentField(forms.DateTimeField):
    """A day and an hour of Lima."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT))
        super().__init__(input_formats=[_MOMENT, f"{_MOMENT}:%S"], **kwargs)


class IncidentForm(forms.Form):
    """What is known when an incident is written down: choices only, so that nothing names anybody."""

    kind = forms.ChoiceField(label=_("What happened"), choices=DataIncident.Kind.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=_("How grave it is"), choices=DataIncident.Severity.choices, widget=forms.RadioSelect
    )
    categories = forms.MultipleChoiceField(
        label=_("Which data"), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    occurred_at = MomentField(label=_("When it happened, if known"), required=False)
    discovered_at = MomentField(
        label=_("When it was noticed"), help_text=_("From this moment on the 48 hours run, weekends too.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("discovered_at", timezone.localtime())
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Write it down"), css_class="btn-primary"))

    def facts(self) -> IncidentFacts:
        """Return what was filled in."""
        filled = self.cleaned_data
        return IncidentFacts(
            kind=DataIncident.Kind(filled["kind"]),
            severity=DataIncident.Severity(filled["severity"]),
            categories=[Category(category) for category in filled["categories"]],
            discovered_at=filled["discovered_at"],
            occurred_at=filled["occurred_at"],
        )


class StepForm(forms.Form):
    """What every step on an incident's page has: its name, and fields with ids of their own."""

    step, button = "", _("Save")
    css_class = "btn-primary"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.step}_%s"
        names = list(self.fields)
        self.fields["step"] = forms.CharField(widget=forms.HiddenInput, initial=self.step)
        self.helper = FormHelper()
        self.helper.form_id = f"form-{self.step}"
        submit = Submit(f"save_{self.step}", self.button, css_class=self.css_class)
        self.helper.layout = Layout(*(Field(name) for name in [*names, "step"]), submit)

    def arguments(self) -> dict[str, Any]:
        """Return what the step's service takes beside who, which and when."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}


class NotifyForm(StepForm):
    """That the authority was told."""

    step, button = "notify", _("The authority was told")

    notified_at = MomentField(label=_("When"))
    reference = forms.CharField(
        label=_("Number of the file"),
        max_length=40,
        help_text=_("As the authority gave it, such as 2026-00123. No names, no documents."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("notified_at", timezone.localtime())


class MeasureForm(StepForm):
    """What was done."""

    step = "measure"

    measure = forms.ChoiceField(label=_("What was done"), choices=IncidentMeasure.Measure.choices)

    def arguments(self) -> dict[str, Any]:
        return {"measure": IncidentMeasure.Measure(self.cleaned_data["measure"])}


class WomenForm(StepForm):
    """Who else is concerned, by code."""

    step = "women"

    study_codes = forms.CharField(
        label=_("Codes, separated by spaces"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    how = forms.ChoiceField(label=_("How"), choices=IncidentWoman.How.choices)

    def arguments(self) -> dict[str, Any]:
        codes = self.cleaned_data["study_codes"].replace(",", " ").split()
        return {"study_codes": codes, "how": IncidentWoman.How(self.cleaned_data["how"])}


class CloseForm(StepForm):
    """What came of it."""

    step, button, css_class = "close", _("Close"), "btn-outline-secondary"

    outcome = forms.ChoiceField(label=_("What came of it"), choices=DataIncident.Outcome.choices)
    not_notified_reason = forms.ChoiceField(
        label=_("If the authority was not told: why not"),
        required=False,
        choices=[("", _("It was told")), *DataIncident.NotNotified.choices],
    )

    def arguments(self) -> dict[str, Any]:
        return {
            "outcome": DataIncident.Outcome(self.cleaned_data["outcome"]),
            "not_notified_reason": self.cleaned_data["not_notified_reason"],
        }


# By the state of an incident, what can be written.
NEXT_STEPS: Mapping[str, tuple[type[StepForm], ...]] = {
    Status.OPEN: (NotifyForm, MeasureForm, WomenForm, CloseForm),
    Status.NOTIFIED: (MeasureForm, WomenForm, CloseForm),
    Status.CLOSED: (),
}


def next_steps(incident: DataIncident, posted: Any = None) -> list[StepForm]:
    """Return the forms that an incident's state allows, the one that was sent filled with what was typed."""
    sent = posted.get("step") if posted is not None else None
    return [form(posted if form.step == sent else None) for form in NEXT_STEPS[incident.status]]


class TellForm(forms.Form):
    """That she was told by a way that is safe for her, or why not."""

    answer = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, channel: str | None, takes_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = safe_ways(channel, takes_part=takes_part)
        told = [(way, _("Told: %(way)s") % {"way": label}) for way, label in IncidentWoman.Way.choices if way in ways]
        self.fields["answer"].choices = [*told, *IncidentWoman.NotTold.choices]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save"), css_class="btn-primary btn-lg w-100"))
