"""Planning a session, moving it, taking it back."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from stations.models import AllocatedStation, Station
from stations.queries import study_stations, trained_station_ids
from training.models import Session
from training.presenters.sessions import FILTERS, module_labels
from training.services import SessionFacts

MOST_TRAINERS, LONGEST_NAME = 12, 120
KINDS = {
    Session.Kind.REGULAR: _("For everybody at the station"),
    Session.Kind.CATCH_UP: _("Catch-up, for those who missed a module"),
}


class FactsForm(forms.Form):
    """When and where a session is, and who teaches it."""

    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start_time = forms.TimeField(
        label=_("Begins at"),
        required=False,
        help_text=_("Leave it empty only if the hour of a past session is not known."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    trainers = forms.CharField(
        label=_("Trainers"),
        required=False,
        help_text=_("One name a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_trainers(self) -> tuple[str, ...]:
        names = tuple(filter(None, (line.strip() for line in self.cleaned_data["trainers"].splitlines())))
        if len(names) > MOST_TRAINERS or any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(
                _("At most %(most)s names, each of at most %(longest)s letters.")
                % {"most": MOST_TRAINERS, "longest": LONGEST_NAME}
            )
        return names

    def facts(self) -> SessionFacts:
        names = ("held_on", "start_time", "place", "trainers")
        return SessionFacts(**{name: self.cleaned_data[name] for name in names})


class PlanForm(FactsForm):
    """A session to plan. Stations whose arm has no training stand apart, and need a reason."""

    station = forms.TypedChoiceField(label=_("Station"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    modules = forms.TypedMultipleChoiceField(label=_("Modules"), coerce=int, widget=forms.CheckboxSelectMultiple)
    deviation_reason = forms.CharField(
        label=_("Reason, if the protocol plans no session there"),
        max_length=500,
        required=False,
        help_text=_("It is kept as a deviation from the protocol."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._drawn = {drawn.station_id: drawn for drawn in study_stations()}
        self.fields["station"].choices = _station_choices(list(self._drawn.values()))  # type: ignore[attr-defined]
        self.fields["modules"].choices = [  # type: ignore[attr-defined]
            (number, f"{number}. {label}") for number, label in module_labels().items()
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "station", "kind", "modules", "held_on", "start_time", "place", "trainers", "deviation_reason",
            Submit("", _("Plan the session")),
        )  # fmt: skip

    def chosen_station(self) -> Station:
        return self._drawn[self.cleaned_data["station"]].station


class ChangeForm(FactsForm):
    """What of a planned session may still change."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, session: Session) -> None:
        initial = {
            "held_on": session.held_on,
            "start_time": session.start_time,
            "place": session.place,
            "trainers": "\n".join(session.trainers),
            "seen": session.revision,
        }
        super().__init__(data, initial=initial)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Save the changes")))


class WithdrawForm(forms.Form):
    """Why a session is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It stays on record.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, session: Session) -> None:
        super().__init__(data, initial={"seen": session.revision})
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "reason", Field("seen"), Submit("", _("Withdraw the session"), css_class="btn-danger")
        )


class ListForm(forms.Form):
    """Which sessions to list; what is no such choice lists all."""

    ver = forms.ChoiceField(required=False, choices=list(FILTERS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.show: str = self.cleaned_data.get("ver", "")


def _station_choices(drawn: list[AllocatedStation]) -> list[tuple[str | Promise, Any]]:
    trained = trained_station_ids() if drawn else set()
    groups = (
        (_now("With sessions in the protocol"), [one for one in drawn if one.station_id in trained]),
        (_now("Without: a deviation"), [one for one in drawn if one.station_id not in trained]),
    )
    choices = [(label, [(one.station_id, one.study_code) for one in group]) for label, group in groups if group]
    return [("", "—"), *choices]
