"""Where an interviewer lives and how much she takes on, when she is away, and who asks a woman instead."""

from collections.abc import Collection
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import DaysAwayForm
from stations.models import District
from surveys.models import InterviewerAbsence, InterviewerChange
from surveys.queries.interviewers import Choice
from surveys.services.interviewers import MOST_A_WEEK


class DistrictField(forms.ModelChoiceField):
    """A district by its name."""

    def label_from_instance(self, obj: District) -> str:
        return obj.name


class ProfileForm(forms.Form):
    """The district, and the most surveys in a week."""

    district = DistrictField(
        label=_("District where she lives"),
        queryset=District.objects.order_by("name", "pk"),
        help_text=_("She is never sent to women of this district."),
    )
    surveys_a_week = forms.IntegerField(label=_("Surveys a week, at most"), min_value=0, max_value=MOST_A_WEEK)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("profile", _("Save"), css_class="btn-primary"))


class InterviewerAbsenceForm(DaysAwayForm):
    """The days away, and why, as a code."""

    reasons = InterviewerAbsence.Reason.choices

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.add_input(Submit("absence", _("Mark away"), css_class="btn-primary"))


class ReassignForm(forms.Form):
    """Who asks her from now on, and why."""

    interviewer = forms.TypedChoiceField(label=_("Interviewer"), coerce=int, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[choice for choice in InterviewerChange.Reason.choices if choice[0] != InterviewerChange.Reason.RULE],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, choices: Collection[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(choice.user.pk, choice.user.display_name, choice.bar) for choice in choices]
        self.fields["interviewer"].choices = [  # type: ignore[attr-defined]
            (pk, f"{name} · {bar.label}" if bar else name) for pk, name, bar in named
        ]
        self.helper = FormHelper()
        self.helper.add_input(Submit("reassign", _("Change who asks her"), css_class="btn-primary"))
