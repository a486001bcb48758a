"""What an administrator or statistician supposes of the trial, to see what it could show."""

import re
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from protocol.schema import Sampling
from stations.power import ARMS, Trial

# What people write: at most that long, with a comma or a point.
NUMBER = re.compile(r"[0-9]{1,6}([.,][0-9]{0,6})?|[.,][0-9]{1,6}")
EXPECTED = _("expected a number from %(low)s to %(high)s, found %(found)s")
WHOLE_EXPECTED = _("expected a whole number from %(low)s to %(high)s, found %(found)s")


class NumberField(forms.Field):
    """A number from low to high; what is wrong is said with what was expected. Only an optional one may be empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(
        self, low: float, high: float, *, whole: bool = False, is_optional: bool = False, **kwargs: Any
    ) -> None:
        self.low, self.high, self.whole, self.is_optional = low, high, whole, is_optional
        # Not "required" for the browser: all have a value to begin with, and here it is said what was expected.
        super().__init__(required=False, **kwargs)

    def clean(self, value: str | None) -> float | None:
        typed = (value or "").strip()
        if not typed and self.is_optional:
            return None
        number = float(typed.replace(",", ".")) if NUMBER.fullmatch(typed) else None
        if number is None or not self.low <= number <= self.high or (self.whole and number % 1):
            values = {"low": f"{self.low:g}", "high": f"{self.high:g}", "found": repr(typed)}
            raise forms.ValidationError(WHOLE_EXPECTED if self.whole else EXPECTED, params=values)
        return number


class PowerForm(forms.Form):
    """The trial as planned; what is not in the address is as the protocol plans it."""

    por_grupo = NumberField(2, 200, whole=True, label=_("Stations in each arm"))
    por_estacion = NumberField(2, 5000, whole=True, label=_("Women in each station"))
    prevalencia = NumberField(1, 99, label=_("Prevalence without intervention, %"), initial="50")
    icc = NumberField(0, 0.5, label=_("Likeness within a station (ICC)"), initial="0.02")
    perdida = NumberField(0, 90, label=_("Women lost by the end, %"), initial="0")
    variacion = NumberField(0, 3, label=_("Variation of station sizes (CV)"), initial="0")
    explicada = NumberField(0, 95, label=_("Explained by the baseline, %"), initial="0")
    alfa = NumberField(0.001, 0.2, label=_("Significance level (α)"), initial="0.05")
    potencia = NumberField(51, 99, label=_("Power, %"), initial="80")
    efecto = NumberField(0.1, 99, label=_("Effect to look for, points (if any)"), is_optional=True, initial="")

    def __init__(self, typed: Mapping[str, str], *, sampling: Sampling) -> None:
        planned = {"por_grupo": str(sampling.stations // ARMS), "por_estacion": str(sampling.women_per_station)}
        usual = {name: planned.get(name, field.initial) for name, field in self.base_fields.items()}
        super().__init__({name: typed.get(name, value) for name, value in usual.items()})
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_error_title = _("Nothing was calculated yet. Please look at this:")
        self.helper.layout = Layout(Div(*self.base_fields, css_class="form-grid"))
        self.helper.add_input(Submit("", _("Calculate")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned["por_estacion"] * (100 - cleaned["perdida"]) / 100 < 1:
            self.add_error("perdida", _("Not even one woman would be left in a station."))
        return cleaned

    @property
    def trial(self) -> Trial:
        """Return what was supposed, in proportions."""
        cleaned = self.cleaned_data
        return Trial(
            stations_per_arm=int(cleaned["por_grupo"]),
            women=cleaned["por_estacion"],
            icc=cleaned["icc"],
            attrition=cleaned["perdida"] / 100,
            size_variation=cleaned["variacion"],
            explained=cleaned["explicada"] / 100,
            alpha=cleaned["alfa"],
            power=cleaned["potencia"] / 100,
        )

    @property
    def prevalence(self) -> float:
        return float(self.cleaned_data["prevalencia"] / 100)

    @property
    def effect_points(self) -> float | None:
        return self.cleaned_data["efecto"]
