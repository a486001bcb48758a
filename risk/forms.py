"""The risk form, built from the scale's data."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from risk.models import Assessment, Lowering
from risk.scale_file import BY_HAND, Answer, Item, Scale
from risk.services import PrintedLevel

ITEM, OVERRIDE = "item_", "override_"
CHOICES = (("si", _("Yes")), ("no", _("No")), ("", _("Blank")))
MAX_OWN_RATING = 10


class RiskForm(forms.Form):
    """Every item in order with yes, no or nothing; then the level overrides, the woman's word and the officer's."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
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
        self.initial.setdefault("form_id", uuid4())
        english = get_language() == "en"
        for item in scale.items:
            label = f"{item.id}. {(english and item.text_en) or item.text}"
            self.fields[ITEM + item.id] = _choice(label, _answers(item, english=english))
        for override in scale.override:
            label = override.label_en if english else override.label_es
            self.fields[OVERRIDE + override.code] = _choice(label or override.when, CHOICES)
        levels = [(band.code, (english and band.label_en) or band.label) for band in scale.levels]
        self.fields["officer_level"].choices = [("", _("As the sheet gives it")), *levels]  # type: ignore[attr-defined]
        if scale.kind == BY_HAND:
            self._add_printout(levels, english=english)
        self.helper = FormHelper()
        self.helper.attrs = {"data-skips": ""}
        self.helper.layout = self._layout()

    def _add_printout(self, levels: list[tuple[str, str]], *, english: bool) -> None:
        self.fields["printed_level"] = forms.ChoiceField(
            label=_("Level on the printout"), choices=[("", "—"), *levels], required=False
        )
        reference = self.scale.reference
        label = (reference.label_en if english else reference.label_es) if reference else ""
        self.fields["reference"] = forms.CharField(label=label, max_length=64, required=False)

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
            "form_id": filled["form_id"],
            "printed": self._printed(),
        }

    def _printed(self) -> PrintedLevel | None:
        if self.scale.kind != BY_HAND:
            return None
        return PrintedLevel(self.cleaned_data["printed_level"], self.cleaned_data["reference"])

    def _layout(self) -> Layout:
        skipped_by = {
            later: f"{ITEM}{item.id}={answer}"
            for item in self.scale.items
            for answer, items in item.skips.items()
            for later in items
        }
        asked = [_item_row(item, skipped_by.get(item.id)) for item in self.scale.items]
        raising = [_three_way_row(OVERRIDE + override.code) for override in self.scale.override]
        return Layout(
            "form_id",
            *([Fieldset(_("Questions"), *asked)] if asked else []),
            *([Fieldset(_("Vulnerability"), *raising)] if raising else []),
            *([Fieldset(_("Printout"), "printed_level", "reference")] if self.scale.kind == BY_HAND else []),
            Fieldset(_("Her own view"), "own_rating"),
            Fieldset(_("Your judgement"), "officer_level", "raised_reason", Field("note", autocomplete="off")),
            Submit("save", _("Save the sheet"), css_class="btn-primary btn-lg w-100"),
        )


class TryScaleForm(forms.Form):
    """A scale's answers and what raises its level, to see what they come to; nothing is kept."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        english = get_language() == "en"
        for item in scale.items:
            label = f"{item.id}. {(english and item.text_en) or item.text}"
            self.fields[ITEM + item.id] = _choice(label, _answers(item, english=english))
        for override in scale.override:
            label = (override.label_en if english else override.label_es) or override.when
            self.fields[OVERRIDE + override.code] = _choice(label, CHOICES)
        self.helper = FormHelper()
        self.helper.attrs = {"data-skips": "", "autocomplete": "off"}
        self.helper.layout = Layout(
            Fieldset(_("Questions"), *(_three_way_row(name) for name in self.fields)),
            Submit("show", _("Show what it comes to"), css_class="btn-primary btn-lg w-100"),
        )

    def answers(self) -> dict[str, Answer | None]:
        return {item.id: self.cleaned_data[ITEM + item.id] or None for item in self.scale.items}

    def overrides(self) -> dict[str, Answer | None]:
        return {o.code: self.cleaned_data[OVERRIDE + o.code] or None for o in self.scale.override}


class LoweringForm(forms.Form):
    """Lower the level or leave it, each with its reasons: one choice, and a note where the reason asks for one."""

    decision = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note (kept sealed)"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, to_label: str, held_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower, leave = Lowering.State.CONFIRMED, Lowering.State.DECLINED
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (
                _("Lower to “%(level)s”, because:") % {"level": to_label},
                [(f"{lower}:{code}", label) for code, label in Lowering.ConfirmedReason.choices],
            ),
            (
                _("Leave at “%(level)s”, because:") % {"level": held_label},
                [(f"{leave}:{code}", label) for code, label in Lowering.DeclinedReason.choices],
            ),
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "decision",
            Field("note", autocomplete="off"),
            Submit("save", _("Save the decision"), css_class="btn-primary btn-lg w-100"),
        )

    @property
    def lowers(self) -> bool:
        """Say whether the level is to be lowered."""
        return bool(self.cleaned_data["decision"].startswith(Lowering.State.CONFIRMED))

    @property
    def reason(self) -> str:
        return str(self.cleaned_data["decision"].partition(":")[2])


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
