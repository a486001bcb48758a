"""The risk form, built from the scale's data, and the answer to an alert."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from risk.models import Alert, Assessment
from risk.scale_file import Item, Scale

ITEM, OVERRIDE = "item_", "override_"
CHOICES = (("si", _("Yes")), ("no", _("No")), ("", _("Blank")))
MAX_OWN_RATING = 10


class RiskForm(forms.Form):
    """Every item in order with yes, no or nothing; then the level overrides, the woman's word and the officer's."""

    own_rating = forms.TypedChoiceField(
        label=_("How much danger does she feel that she is in? (0 none, 10 the greatest)"),
        choices=[("", _("Not asked")), *((str(n), str(n)) for n in range(MAX_OWN_RATING + 1))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    officer_level = forms.ChoiceField(
        label=_("Level in your judgement"),
        required=False,
        help_text=_("Only if it should be higher than the sheet gives. It cannot be lower."),
    )
    raised_reason = forms.ChoiceField(
        label=_("Why higher"), choices=[("", "—"), *Assessment.RaisedReason.choices], required=False
    )
    note = forms.CharField(
        label=_("Note (kept sealed)"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        english = get_language() == "en"
        for item in scale.items:
            label = f"{item.id}. {(english and item.text_en) or item.text}"
            self.fields[ITEM + item.id] = _choice(label, _answers(item, english=english))
        for override in scale.override:
            label = override.label_en if english else override.label_es
            self.fields[OVERRIDE + override.code] = _choice(label or override.when, CHOICES)
        levels = [(band.code, (english and band.label_en) or band.label) for band in scale.levels]
        self.fields["officer_level"].choices = [("", _("As the sheet gives it")), *levels]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.attrs = {"data-skips": ""}
        self.helper.layout = self._layout()

    def assessment(self) -> dict[str, Any]:
        """Return what was filled in, as `services.assess_risk` takes it: None for blank answers."""
        filled = self.cleaned_data
        return {
            "answers": {item.id: filled[ITEM + item.id] or None for item in self.scale.items},
            "overrides": {o.code: filled[OVERRIDE + o.code] or None for o in self.scale.override},
            "officer_level": filled["officer_level"],
            "reason": filled["raised_reason"],
            "note": filled["note"],
            "woman_rating": filled["own_rating"],
        }

    def _layout(self) -> Layout:
        skipped_by = {
            later: f"{ITEM}{item.id}={answer}"
            for item in self.scale.items
            for answer, items in item.skips.items()
            for later in items
        }
        return Layout(
            Fieldset(_("Questions"), *(_item_row(item, skipped_by.get(item.id)) for item in self.scale.items)),
            Fieldset(
                _("Vulnerability"), *(_three_way_row(OVERRIDE + override.code) for override in self.scale.override)
            ),
            Fieldset(_("Her own view"), "own_rating"),
            Fieldset(_("Your judgement"), "officer_level", "raised_reason", Field("note", autocomplete="off")),
            Submit("save", _("Save the sheet"), css_class="btn-primary btn-lg w-100"),
        )


class AlertResponseForm(forms.Form):
    """What was done about an alert."""

    response = forms.ChoiceField(label=_("What was done"), choices=Alert.Response.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note (kept sealed)"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save the answer")))


def _choice(label: str, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False, initial="")


def _answers(item: Item, *, english: bool) -> list[tuple[str, Any]]:
    """Return what an item offers: answers of its own, or yes and no; and always the blank."""
    own = [(option.code, (english and option.label_en) or option.label_es) for option in item.answers]
    return [*own, CHOICES[-1]] if own else list(CHOICES)


def _item_row(item: Item, skipped_by: str | None) -> Div:
    attributes = {"data_skipped_by": skipped_by} if skipped_by else {}
    return _three_way_row(ITEM + item.id, css_class="answers info-item" if item.info else "answers", **attributes)


def _three_way_row(name: str, *, css_class: str = "answers", **attributes: str) -> Div:
    return Div(InlineRadios(name), css_class=css_class, **attributes)
