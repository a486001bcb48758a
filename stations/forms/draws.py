"""What people type to rehearse, promise, reveal, approve, put aside, and to record a loss."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from stations.models import AllocatedStation
from stations.presenters.draws import ReachLine
from stations.services import normalised_seed


def _helper(name: str, label: str | Promise, css_class: str = "btn-primary") -> FormHelper:
    helper = FormHelper()
    helper.add_input(Submit(name, label, css_class=css_class))
    return helper


class DrawForm(forms.Form):
    """The seed of a rehearsal."""

    seed = forms.CharField(
        label=_("Seed"),
        max_length=60,
        help_text=_("Any whole number: a rehearsal never counts."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("draw", _("Rehearse"), "btn-outline-primary")

    def clean_seed(self) -> str:
        try:
            return normalised_seed(self.cleaned_data["seed"])
        except StudyError as error:
            raise forms.ValidationError(str(error)) from error


class CommitForm(forms.Form):
    """The public draw that will decide."""

    public_draw_source = forms.CharField(
        label=_("Which public draw will decide?"),
        max_length=200,
        help_text=_(
            "One that nobody here can influence, on a day to come, and how its numbers are read: for example "
            "“Lottery X, draw of 6 December 2026, the six numbers in the order in which they were drawn”."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("commit", _("Promise the draw"))
        self.helper.form_tag = False


class RevealForm(forms.Form):
    """The numbers that were drawn in public."""

    public_draw = forms.CharField(
        label=_("Numbers drawn"),
        max_length=160,
        help_text=_("As the promise says they are read, for example 03 11 22 31 40 45."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("The same numbers again"),
        max_length=160,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("reveal", _("Reveal the draw"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = [" ".join(str(cleaned.get(name, "")).split()) for name in ("public_draw", "again")]
        if all(typed) and typed[0] != typed[1]:
            self.add_error("again", _("The two differ: look at the published numbers and type them again."))
        return cleaned


class ReasonForm(forms.Form):
    """Why a promise or a revealed draw is given up."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It stays on record.")
    )

    def __init__(self, *args: Any, label: str | Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("give_up", label, "btn-danger")


class ApproveForm(forms.Form):
    """A person's word; each comparison that is out of reach is accepted by itself."""

    compared = forms.BooleanField(
        label=_("I compared the promise and the numbers with what was published, and they are the same.")
    )
    understood = forms.BooleanField(
        label=_("I know that the second approval locks the draw, and that this can never be undone.")
    )
    accepted = forms.MultipleChoiceField(
        label=_("I know that these comparisons can reach no p of .05, whatever is found:"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, out_of_reach: Sequence[ReachLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accepted = self.fields["accepted"]
        accepted.choices = [(line.name, line.label) for line in out_of_reach]  # type: ignore[attr-defined]
        if not out_of_reach:
            del self.fields["accepted"]
        self.helper = _helper("approve", _("Approve"), "btn-danger")


class LossForm(forms.Form):
    """A station that left the study."""

    station = forms.ModelChoiceField(label=_("Station"), queryset=AllocatedStation.objects.none())
    lost_on = forms.DateField(label=_("Left on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = AllocatedStation.objects.filter(  # type: ignore[attr-defined]
            allocation__status="locked", loss=None
        ).order_by("study_number")
        self.helper = _helper("lose", _("Record the loss"))
