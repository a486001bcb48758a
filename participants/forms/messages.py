"""A message to a woman: one of the approved texts as it will read, and why it must go outside her safe times."""

from collections.abc import Collection
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.senders import Way
from messaging.texts import message_text
from participants.models import ContactOverride
from participants.outgoing import TEXTS_OF, WAY_LABELS, Purpose


class MessageForm(forms.Form):
    """The text, and the way where her card has two."""

    text = forms.ChoiceField(label=_("Text, as she will read it"), widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How it goes"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, purpose: Purpose, language: str, ways: Collection[Way], goes_now: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        texts = [(code, message_text(code, language)) for code in TEXTS_OF[purpose]]
        self.fields["text"].choices = texts  # type: ignore[attr-defined]
        self.fields["way"].choices = [(way.value, WAY_LABELS[way]) for way in ways]  # type: ignore[attr-defined]
        if len(ways) == 1:
            self.fields["way"].initial = next(iter(ways)).value
            self.fields["way"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        label = _("Send now") if goes_now else _("Send when it is safe")
        self.helper.add_input(Submit("send", label, css_class="btn-primary btn-lg w-100"))

    def words(self) -> dict[str, Any]:
        """Return what was chosen, as the services take it."""
        return {"text_code": self.cleaned_data["text"], "way": Way(self.cleaned_data["way"])}


class OutsideMessageForm(MessageForm):
    """The same, and why it cannot wait."""

    reason = forms.ChoiceField(
        label=_("Why it cannot wait"), choices=ContactOverride.Reason.choices, widget=forms.RadioSelect
    )
    sentence = forms.CharField(
        label=_("Why she must be reached at this time"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("A sentence. It is kept sealed; the safety officer reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.inputs[0] = Submit("send", _("Send outside her safe times"), css_class="btn-danger btn-lg w-100")

    def words(self) -> dict[str, Any]:
        """Return what was chosen and why, as the service takes it."""
        reason = ContactOverride.Reason(self.cleaned_data["reason"])
        return {**super().words(), "reason": reason, "sentence": self.cleaned_data["sentence"]}
