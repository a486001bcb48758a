"""A report typed by hand, and the screening of the woman who made it."""

from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from documents.uploads import LARGEST_UPLOAD_BYTES
from participants.eligibility import ADULT, Refusal, ScreeningAnswers
from participants.identity import Identity
from participants.report_entry import ReportEntry
from protocol import schema

RULE = "rule_"
YES_NO = (("yes", _("Yes")), ("no", _("No")))


def yes_or_no(value: str) -> bool:
    """Read an answer of YES_NO."""
    return value == "yes"


class ReportForm(forms.Form):
    """A report as the station wrote it down; all but the day is sealed."""

    number = forms.CharField(label=_("Report number"), max_length=40)
    reported_on = forms.DateField(
        label=_("Day of the report"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    full_name = forms.CharField(label=_("Full name"), max_length=160)
    document = forms.CharField(
        label=_("Document number"), max_length=20, required=False, help_text=_("DNI or another; empty if she has none.")
    )
    telephone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    aggressor_name = forms.CharField(label=_("His full name"), max_length=160, required=False)
    aggressor_document = forms.CharField(label=_("His document number"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("The report"), "number", "reported_on"),
            Fieldset(_("Who she is"), "full_name", "document", "telephone", "address"),
            Fieldset(_("The man she reported, if known"), "aggressor_name", "aggressor_document"),
            Submit("save", _("Save")),
        )

    def clean_reported_on(self) -> Any:
        day = self.cleaned_data["reported_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the report lies in the future."))
        return day

    def entry(self) -> ReportEntry:
        """Return what is to be kept."""
        filled = self.cleaned_data
        woman = {name: filled[name] for name in self.fields if name not in {"number", "reported_on"}}
        return ReportEntry(filled["number"], filled["reported_on"], Identity(**woman))


class ImportForm(forms.Form):
    """A file of reports; it is read at once and never kept as it came."""

    file = forms.FileField(
        label=_("Reports (CSV or XLSX)"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}), allow_empty_file=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("check", _("Check the file")))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB: split it."))
        return file

    def upload(self) -> dict[str, Any]:
        """Return the file, as `services.stage_reports` takes it."""
        file = self.cleaned_data["file"]
        return {"content": file.read(), "name": file.name}


class ScreeningForm(forms.Form):
    """The protocol's conditions, one by one; what was seen of earlier attempts goes along, so that none is overrun."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)
    reached = forms.TypedChoiceField(
        label=_("Could you speak with her?"),
        help_text=_("If not, leave the conditions blank and answer only the last question."),
        choices=YES_NO,
        coerce=yes_or_no,
        widget=forms.RadioSelect,
    )
    wants = forms.TypedChoiceField(
        label=_("Does she want to take part?"),
        choices=YES_NO,
        coerce=yes_or_no,
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    refusal = forms.ChoiceField(
        label=_("If not: why?"),
        choices=Refusal.choices,
        required=False,
        help_text=_("She need not say. No answer may cost her anything."),
    )
    knows_arm = forms.TypedChoiceField(
        label=_("Do you know to which group of the study this station was drawn?"),
        help_text=_("Nobody at a station is told; say yes if you have come to know it all the same."),
        choices=YES_NO,
        coerce=yes_or_no,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, rules: schema.Screening, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        language = get_language() or "es"
        for rule in rules.rules:
            self.fields[RULE + rule.code] = _rule_field(rule, rule.question.in_language(language))
        self.helper = FormHelper()
        asked = [RULE + rule.code for rule in rules.rules]
        self.helper.layout = Layout(
            "seen",
            InlineRadios("reached"),
            Fieldset(_("If you could: can she take part?"), *map(_row, asked)),
            Fieldset(_("If she can: her decision"), InlineRadios("wants"), "refusal"),
            Fieldset(_("About you"), InlineRadios("knows_arm")),
            Submit("save", _("Save")),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("reached"):
            return cleaned
        names = [RULE + rule.code for rule in self.rules.rules]
        for name in names:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Answer this, or say that you could not speak with her."))
        if not set(names) & set(self.errors) and self._can_take_part() and cleaned.get("wants") is None:
            self.add_error("wants", _("She meets every condition: say whether she wants to take part."))
        return cleaned

    def refuse(self, error: StudyError, *, seen: int) -> None:
        """Say why it was not saved, and that the page now shows every attempt up to `seen`."""
        self.data = {**{name: self.data[name] for name in self.data}, "seen": str(seen)}
        self.add_error(None, str(error))

    def screening(self) -> dict[str, Any]:
        """Return what was found out, as `services.screen_report` takes it."""
        return {"seen": self.cleaned_data["seen"], "answers": self._answers()}

    def _answers(self) -> ScreeningAnswers:
        filled = self.cleaned_data
        if not filled["reached"]:
            return ScreeningAnswers(reached=False, knows_arm=filled["knows_arm"])
        return ScreeningAnswers(
            reached=True,
            knows_arm=filled["knows_arm"],
            age=filled[RULE + ADULT],
            rules={rule.code: filled[RULE + rule.code] for rule in self.rules.rules if rule.code != ADULT},
            refusal="" if filled["wants"] or not self._can_take_part() else filled["refusal"] or Refusal.NOT_SAID,
        )

    def _can_take_part(self) -> bool:
        filled = self.cleaned_data
        return filled[RULE + ADULT] >= self.rules.min_age and all(
            filled[RULE + rule.code] for rule in self.rules.rules if rule.code != ADULT
        )


def _rule_field(rule: schema.ScreeningRule, question: str) -> forms.Field:
    if rule.code == ADULT:
        return forms.IntegerField(label=question, min_value=0, max_value=120, required=False)
    return forms.TypedChoiceField(
        label=question, choices=YES_NO, coerce=yes_or_no, widget=forms.RadioSelect, required=False, empty_value=None
    )


def _row(name: str) -> Any:
    return Field(name) if name == RULE + ADULT else InlineRadios(name)
