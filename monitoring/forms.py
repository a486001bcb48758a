"""What to look at of the study's numbers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class StationChoiceForm(forms.Form):
    """One station of the study by its id, or all; what is neither shows all."""

    estacion = forms.TypedChoiceField(label=_("Station"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, codes: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["estacion"].choices = [("", _("All stations")), *codes.items()]  # type: ignore[attr-defined]
        self.is_valid()
        self.station: int | None = getattr(self, "cleaned_data", {}).get("estacion")
