"""Who is chosen, and the steps of an interview."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from interviews import services
from interviews.models import Interview
from interviews.selection import Rule

MOST_SEED = 999_999_999
SHORTEST_MINUTES, LONGEST_MINUTES, USUAL_MINUTES = 15, 240, 90


class SelectionForm(forms.Form):
    """The rule, and the seed by which anybody can choose again."""

    rule = forms.ChoiceField(
        label=_("Rule"), choices=Rule.choices, widget=forms.RadioSelect, initial=Rule.PURPOSIVE_GRID
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=MOST_SEED,
        help_text=_("Any number, written down before the choice. The same number gives the same choice."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seed", secrets.randbelow(MOST_SEED))
        self.helper = FormHelper()
        self.helper.add_input(Submit("choose", _("Choose")))


class StepForm(forms.Form):
    """What every step has. `seen` is where the interview stood when the page showed it."""

    step = ""
    button = _("Save")
    style = "btn-primary"
    # Not by `step`, which a template takes for the field of that name.
    is_proposal = False
    step_fields: tuple[str, ...] = ()
    service: Callable[..., Interview]

    def __init__(self, *args: Any, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.step}_%s"
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=interview.status)
        self.fields["step"] = forms.CharField(widget=forms.HiddenInput, initial=self.step)
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        submit = Submit(f"save_{self.step}", self.button, css_class=f"{self.style} w-100")
        self.helper.layout = Layout(*(Field(name) for name in (*self.step_fields, "seen", "step")), submit)

    def arguments(self) -> dict[str, Any]:
        """Return what the step's service takes beside who, which and when."""
        return {}


class ProposeForm(StepForm):
    """When and where she could talk."""

    step = "propose"
    is_proposal = True
    button = _("Propose this time")
    step_fields = ("starts_at", "minutes", "place")
    service = staticmethod(services.propose_interview)

    starts_at = forms.DateTimeField(
        label=_("Day and hour"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    minutes = forms.IntegerField(
        label=_("Minutes, with arriving and saying goodbye"),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        initial=USUAL_MINUTES,
    )
    place = forms.ChoiceField(label=_("Place"), choices=Interview.Place.choices)

    def arguments(self) -> dict[str, Any]:
        filled = self.cleaned_data
        place = Interview.Place(filled["place"])
        return {"meeting": services.Meeting(filled["starts_at"], filled["minutes"], place)}


class AgreeForm(StepForm):
    """She said yes to the time."""

    step = "agree"
    button = _("She agrees to this time")
    step_fields = ("asked",)
    service = staticmethod(services.agree_interview)

    asked = forms.BooleanField(label=_("I asked her whether she wants to talk, and she says yes"))


class HoldForm(StepForm):
    """It was held: what she said when she was asked again."""

    step = "hold"
    button = _("It was held")
    step_fields = ("asked", "audio")
    service = staticmethod(services.hold_interview)

    asked = forms.BooleanField(label=_("Before we began I asked her again, and she agreed to talk"))
    audio = forms.ChoiceField(
        label=_("May it be recorded? What she said before the recorder was switched on"),
        choices=[("yes", _("Yes, she agrees")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )

    def arguments(self) -> dict[str, Any]:
        return {"audio_agreed": self.cleaned_data["audio"] == "yes"}


class EndForm(StepForm):
    """It will not be held."""

    step = "end"
    button = _("Close it")
    style = "btn-outline-secondary"
    step_fields = ("outcome",)
    service = staticmethod(services.end_interview)

    outcome = forms.ChoiceField(
        label=_("Why it will not be held"),
        choices=[
            (Interview.Status.REFUSED, _("She prefers not to talk, and need not say why")),
            (Interview.Status.LOST, _("She could not be reached in safe ways")),
        ],
        widget=forms.RadioSelect,
    )

    def arguments(self) -> dict[str, Any]:
        return {"outcome": Interview.Status(self.cleaned_data["outcome"])}


# By the state of an interview, what can be written next.
NEXT_STEPS: Mapping[str, tuple[type[StepForm], ...]] = {
    Interview.Status.SELECTED: (ProposeForm, EndForm),
    Interview.Status.PROPOSED: (AgreeForm, ProposeForm, EndForm),
    Interview.Status.AGREED: (HoldForm, ProposeForm, EndForm),
}


def next_steps(interview: Interview, posted: Any = None) -> list[StepForm]:
    """Return the forms that an interview's state allows, the one that was sent filled with what was typed."""
    sent = posted.get("step") if posted is not None else None
    return [
        form(posted if form.step == sent else None, interview=interview)
        for form in NEXT_STEPS.get(interview.status, ())
    ]
