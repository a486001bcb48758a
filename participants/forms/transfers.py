"""Forms about a woman who goes over to the care of another station."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Transfer
from stations.models import AllocatedStation, Station


class ColleagueField(forms.ModelChoiceField):
    """Somebody of the station, by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.display_name


class ReceiverForm(forms.Form):
    """Which station of the study cares for her from now on."""

    to_station = forms.ChoiceField(label=_("Station that would care for her"), choices=())

    def __init__(self, *args: Any, stations: Iterable[AllocatedStation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stations = {str(drawn.station_id): drawn for drawn in stations}
        choices = [(key, f"{drawn.study_code} · {drawn.station.name}") for key, drawn in self._stations.items()]
        self.fields["to_station"].choices = [("", "---------"), *choices]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))

    @property
    def station(self) -> Station:
        """Return the station that was chosen."""
        return self._stations[self.cleaned_data["to_station"]].station


class ProposeTransferForm(ReceiverForm):
    """Why another station should care for her, and that she agrees: who asked her, and when."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[choice for choice in Transfer.Reason.choices if choice[0] != Transfer.Reason.STATION_LOST],
        widget=forms.RadioSelect,
    )
    asked_by = ColleagueField(label=_("Who asked her"), queryset=User.objects.none())
    agreed_on = forms.DateField(
        label=_("Day on which she agreed"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    confirmed = forms.BooleanField(label=_("She knows that another station would visit her, and agrees."))

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_by"].queryset = colleagues  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("propose", _("Propose")))


class DeclineTransferForm(forms.Form):
    """Why the station does not take her into its care."""

    declined_for = forms.ChoiceField(label=_("Reason"), choices=Transfer.Decline.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("decline", _("Decline"), css_class="btn-outline-secondary"))
