"""What a supervisor chooses when she moves a visit, or plans one that was agreed."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from participants.models import ContactOverride
from visits.models import VisitChange
from visits.services import OutsideSafeTimes
from visits.weeks import FIRST_YEAR, LAST_YEAR

MOVES = (VisitChange.Reason.SHE_ASKED, VisitChange.Reason.BETTER_DAY, VisitChange.Reason.FEW_HANDS)
CHOSEN = (
    VisitChange.Reason.KNOWS_THEM,
    VisitChange.Reason.SHE_ASKED,
    VisitChange.Reason.FEW_HANDS,
    VisitChange.Reason.SHARES_WORK,
)
AGREED = (VisitChange.Reason.SHE_ASKED, VisitChange.Reason.MAKES_UP)


class MoveForm(forms.Form):
    """The new day and why; for a day that is not safe, why it must be all the same."""

    to = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.ChoiceField(
        label=_("Why?"), choices=[(reason.value, reason.label) for reason in MOVES], widget=forms.RadioSelect
    )
    outside_reason = forms.ChoiceField(
        label=_("Why on a day that is not safe?"),
        choices=[("", "---"), *ContactOverride.Reason.choices],
        required=False,
    )
    outside_sentence = forms.CharField(
        label=_("In a sentence"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "to",
            "reason",
            Fieldset(_("Only for a day that is not safe for her"), "outside_reason", "outside_sentence"),
            Submit("move", _("Move the visit"), css_class="btn-primary btn-lg"),
        )

    def outside(self) -> OutsideSafeTimes | None:
        """Return the exception from her safe times, if one was written."""
        chosen = self.cleaned_data["outside_reason"]
        if not chosen:
            return None
        return OutsideSafeTimes(ContactOverride.Reason(chosen), self.cleaned_data["outside_sentence"])


class OfficersForm(forms.Form):
    """Who goes, and why these; whoever cannot go is shown and cannot be chosen."""

    officers = forms.TypedMultipleChoiceField(
        label=_("Who goes?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose as many officers as go on a visit.")},
    )
    reason = forms.ChoiceField(
        label=_("Why?"), choices=[(reason.value, reason.label) for reason in CHOSEN], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].choices = choices  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("choose", _("Send these officers"), css_class="btn-primary btn-lg"))


class AgreedForm(forms.Form):
    """The day of a visit that was agreed with her, and why it is planned by hand."""

    day = forms.DateField(
        label=_("Day"),
        validators=[MinValueValidator(date(FIRST_YEAR, 1, 1)), MaxValueValidator(date(LAST_YEAR, 12, 31))],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.ChoiceField(
        label=_("Why?"), choices=[(reason.value, reason.label) for reason in AGREED], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("plan", _("Plan the visit"), css_class="btn-primary"))
