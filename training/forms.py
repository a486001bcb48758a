"""Recording a session: first where, what and when; then the roster of that station on that day."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from stations.models import Officer, Station
from stations.queries import study_codes
from training.models import Session
from training.queries import roster


class SessionForm(forms.Form):
    """A session that was held; the roster appears once station and day are known."""

    station = forms.ModelChoiceField(label=_("Station"), queryset=Station.objects.none())
    module = forms.TypedChoiceField(label=_("Module"), choices=Session.Module.choices, coerce=int)
    held_on = forms.DateField(label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}))
    trainer = forms.CharField(label=_("Trainer"), max_length=120, required=False)
    attended = forms.ModelMultipleChoiceField(
        label=_("Who attended"), queryset=Officer.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    deviation_reason = forms.CharField(
        label=_("Reason, if the protocol plans no session there"), max_length=500, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = study_codes()
        station = self.fields["station"]
        station.queryset = Station.objects.filter(pk__in=codes)  # type: ignore[attr-defined]
        station.label_from_instance = lambda one: codes[one.pk]  # type: ignore[attr-defined]
        self.has_roster = self._add_roster()
        fields = ["station", "module", "held_on", *(["trainer", "attended", "deviation_reason"] * self.has_roster)]
        self.helper = FormHelper()
        self.helper.form_method = "post" if self.has_roster else "get"
        self.helper.layout = Layout(
            *fields, Submit("", _("Save the session") if self.has_roster else _("Show the roster"))
        )

    def _add_roster(self) -> bool:
        station, held_on = (self._typed(name) for name in ("station", "held_on"))
        attended = self.fields["attended"]
        if station is None or held_on is None:
            del self.fields["attended"]
            return False
        attended.queryset = roster(station.pk, on=held_on)  # type: ignore[attr-defined]
        return True

    def _typed(self, name: str) -> Any:
        if not self.is_bound:
            return None
        try:
            return self.fields[name].clean(self.data.get(name))
        except forms.ValidationError:
            return None
