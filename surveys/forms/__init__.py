"""The survey, built from the questionnaire's data: every question in its section, one answer each."""

from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from surveys.instrument_file import AnswerField, CheckedAnswers, Instrument, Section, check_answers

Conditions = tuple[tuple[str, str], ...]


class Paragraph:
    """A text of the questionnaire among the fields; escaped, never read as a template."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, form: forms.Form, context: Any, **kwargs: Any) -> SafeString:
        return format_html('<p class="text-body-secondary">{}</p>', self.text)


class SurveyForm(forms.Form):
    """One field for each answer. Which of them are asked, the questionnaire decides from those before."""

    child_in_danger = forms.BooleanField(
        label=_("She told of danger to a child"),
        help_text=_("Not an answer of hers: the safety officer hears of it."),
        required=False,
    )

    def __init__(self, *args: Any, instrument: Instrument, period: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        self.language = get_language() or "es"
        self.checked = CheckedAnswers({}, {}, None)
        for field in instrument.fields():
            self.fields[field.code] = self._radio(field, period)
        self.helper = FormHelper()
        self.helper.attrs = {"data-relevance": "", "autocomplete": "off"}
        self.helper.layout = Layout(
            *self._sections(),
            "child_in_danger",
            Submit("save", _("Save the survey"), css_class="btn-primary btn-lg w-100"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        answers = {code: answer for code, answer in cleaned.items() if code != "child_in_danger"}
        self.checked = check_answers(self.instrument, answers)
        if self.checked.stopped:
            self._errors.clear()  # type: ignore[attr-defined]
        for code in self.checked.problems:
            if code not in self.errors:
                self.add_error(code, _("Choose an answer."))
        return cleaned

    def _radio(self, field: AnswerField, period: str) -> forms.ChoiceField:
        label = self.instrument.periods[period] if field.part == "period" else field.question.label
        choices = [(choice.code, choice.label.in_language(self.language)) for choice in field.choices]
        return forms.ChoiceField(
            label=label.in_language(self.language), choices=choices, widget=forms.RadioSelect, required=False
        )

    def _sections(self) -> list[Fieldset]:
        """Lay the sections out; what follows a question that can stop the survey waits for the answer that goes on."""
        goes_on: tuple[Conditions, ...] = ()
        found = []
        for section in self.instrument.sections:
            rows: list[Any] = [Paragraph(section.intro.in_language(self.language))] if section.intro else []
            for field in self.instrument.section_fields(section):
                rows.append(_row(field, goes_on))
                goes_on += _going_on(field)
            found.append(self._fieldset(section, rows))
        return found

    def _fieldset(self, section: Section, rows: list[Any]) -> Fieldset:
        return Fieldset(section.title.in_language(self.language), *rows, css_class="survey-section")


def _row(field: AnswerField, goes_on: tuple[Conditions, ...]) -> Div:
    rules = (*goes_on, *field.asked_if)
    text = ";".join(",".join(f"{code}={value}" for code, value in group) for group in rules)
    return Div(InlineRadios(field.code), css_class="survey-row", **({"data_asked_if": text} if text else {}))


def _going_on(field: AnswerField) -> tuple[Conditions, ...]:
    stops = field.question.stops if field.part == "choice" else {}
    if not stops:
        return ()
    return (tuple((field.code, choice.code) for choice in field.choices if choice.code not in stops),)
