"""When an officer goes on visits, and when she is away."""

from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.forms import DaysAwayForm
from visits.models import Absence
from visits.services import ShiftTimes
from visits.services.shifts import MOST_VISITS_A_DAY

ISO_WEEKDAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]


class ShiftForm(forms.Form):
    """Weekdays, hours, and the most visits a day."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Goes on visits on"),
        choices=ISO_WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_at = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends_at = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    visits_a_day = forms.IntegerField(
        label=_("Visits a day, at most"),
        min_value=0,
        max_value=MOST_VISITS_A_DAY,
        help_text=_("Two go together: each visit counts for both."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            InlineCheckboxes("weekdays"),
            Div("starts_at", "ends_at", "visits_a_day", css_class="form-grid"),
            Submit("save", _("Save the shift"), css_class="btn-primary"),
        )

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        start, end = filled.get("starts_at"), filled.get("ends_at")
        if start is not None and end is not None and end <= start:
            self.add_error("ends_at", _("The shift must end after it begins."))
        return filled

    def times(self) -> ShiftTimes:
        """Return what was chosen, as `services.set_shift` takes it."""
        filled = self.cleaned_data
        return ShiftTimes(tuple(filled["weekdays"]), filled["starts_at"], filled["ends_at"], filled["visits_a_day"])


class AbsenceForm(DaysAwayForm):
    """The days away, and why, as a code; what would happen is shown before it is confirmed."""

    reasons = Absence.Reason.choices

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.add_input(Submit("check", _("Show what happens"), css_class="btn-primary"))
