"""Forms about women: fields and their checks. What names her goes to the sealed card and nowhere else."""

from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.numbers import sms_number
from participants.forms.signing import ConsentForm
from participants.identity import CONTACT_FIELDS, Identity
from participants.models import Consent, SafeContactPlan
from participants.presenters.homes import home_choices
from participants.safe_contact import SafeContact

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


class SafeContactForm(forms.Form):
    """When she can be reached, and the words that keep the contact safe."""

    safe_weekdays = forms.TypedMultipleChoiceField(
        label=_("Safe days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    safe_from = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    safe_until = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    channel = forms.ChoiceField(label=_("How to reach her"), choices=SafeContactPlan.Channel.choices)
    telephone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    message_language = forms.ChoiceField(
        label=_("Language of messages"), choices=SafeContactPlan.Language.choices, required=False, initial="es"
    )
    address = forms.CharField(label=_("Address"), max_length=200)
    address_hint = forms.CharField(label=_("How to find the door"), max_length=200, required=False)
    home_district = forms.ChoiceField(
        label=_("District where she lives"),
        choices=home_choices,
        required=False,
        help_text=_("Sealed. Nobody who lives in that district interviews her."),
    )
    code_word = forms.CharField(
        label=_("Code word"), max_length=60, required=False, help_text=_("She says it when it is not safe to talk.")
    )
    who_may_be_home = forms.CharField(label=_("Who may be at home"), max_length=200, required=False)
    if_someone_else_answers = forms.CharField(
        label=_("What to say if somebody else answers"), max_length=300, required=False
    )
    do_not_approach_if = forms.CharField(label=_("Do not approach if"), max_length=300, required=False)
    trusted_name = forms.CharField(label=_("Name"), max_length=160, required=False)
    trusted_telephone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    trusted_relation = forms.CharField(
        label=_("Who this is to her"), max_length=60, required=False, help_text=_("A sister, a neighbour, a friend.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.safe_contact_layout(), Submit("save", _("Save")))

    @staticmethod
    def safe_contact_layout() -> tuple[Fieldset, ...]:
        return (
            Fieldset(
                _("When it is safe"),
                InlineCheckboxes("safe_weekdays"),
                Div(Field("safe_from", wrapper_class="col"), Field("safe_until", wrapper_class="col"), css_class="row"),
                "channel",
                "message_language",
            ),
            Fieldset(
                _("How to reach her safely"),
                "telephone",
                "email",
                "address",
                "address_hint",
                "home_district",
                "code_word",
                "who_may_be_home",
                "if_someone_else_answers",
                "do_not_approach_if",
            ),
            Fieldset(
                _("Somebody she trusts, if she wants to name one"),
                "trusted_name",
                "trusted_telephone",
                "trusted_relation",
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("safe_from"), cleaned.get("safe_until")
        if begins and ends and ends <= begins:
            self.add_error("safe_until", _("The safe hours must end after they begin."))
        self._check_channel(cleaned)
        if cleaned.get("trusted_telephone") and not cleaned.get("trusted_name"):
            self.add_error("trusted_name", _("Write whose telephone it is."))
        return cleaned

    def _check_channel(self, cleaned: dict[str, Any]) -> None:
        channel, telephone = cleaned.get("channel"), cleaned.get("telephone", "")
        if channel == SafeContactPlan.Channel.CALL and not telephone:
            self.add_error("telephone", _("A telephone is needed to call her."))
        if channel == SafeContactPlan.Channel.MESSAGE and not (sms_number(telephone) or cleaned.get("email")):
            self.add_error("telephone", _("To write to her, a mobile of nine digits or an e-mail is needed."))

    def safe_contact(self) -> SafeContact:
        """Return the plan as filled in."""
        return SafeContact(
            weekdays=tuple(self.cleaned_data["safe_weekdays"]),
            safe_from=self.cleaned_data["safe_from"],
            safe_until=self.cleaned_data["safe_until"],
            channel=self.cleaned_data["channel"],
            language=self.cleaned_data["message_language"] or SafeContactPlan.Language.SPANISH,
        )

    def card_changes(self) -> dict[str, str]:
        """Return the fields of the sealed card as filled in."""
        return {field: self.cleaned_data[field] for field in CONTACT_FIELDS}


class EnrolmentForm(ConsentForm, SafeContactForm):
    """A new participant: who she is, what she agreed to, and how to reach her safely."""

    full_name = forms.CharField(label=_("Full name"), max_length=160)
    document = forms.CharField(
        label=_("Document number"), max_length=20, required=False, help_text=_("DNI or another; empty if she has none.")
    )
    aggressor_name = forms.CharField(label=_("His first names"), max_length=80, required=False)
    aggressor_surnames = forms.CharField(label=_("His surnames, both"), max_length=80, required=False)
    aggressor_document = forms.CharField(
        label=_("His document number"),
        max_length=20,
        required=False,
        help_text=_("Sealed; used only to notice that another woman reported him, too. No page shows it."),
    )
    age = forms.IntegerField(label=_("Age"), min_value=18, max_value=110)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Later reviews may leave it as it is: what keeps her safe must never wait for this answer.
        home = self.fields["home_district"]
        home.required = True
        home.choices = [("", _("Choose what she says")), *list(home.choices)[1:]]  # type: ignore[attr-defined]
        self.helper.layout = Layout(
            Fieldset(_("Who she is"), "full_name", "document", "age"),
            self.consent_layout(),
            *self.safe_contact_layout(),
            Fieldset(_("The man she reported, if known"), "aggressor_name", "aggressor_surnames", "aggressor_document"),
            Submit("save", _("Enrol")),
        )

    def clean_scopes(self) -> list[str]:
        scopes: list[str] = self.cleaned_data["scopes"]
        if Consent.Scope.VISITS not in scopes:
            raise forms.ValidationError(_("Without her consent to visits she cannot be enrolled."))
        return scopes

    def enrolment(self) -> dict[str, Any]:
        """Return what was filled in, as `services.enrol_participant` takes it."""
        filled = self.cleaned_data
        return {
            "identity": self.identity(),
            "age": filled["age"],
            "consent": self.consent(),
            "safe_contact": self.safe_contact(),
        }

    def identity(self) -> Identity:
        """Return what is to be sealed."""
        return Identity(
            full_name=self.cleaned_data["full_name"],
            document=self.cleaned_data["document"],
            aggressor_name=self.cleaned_data["aggressor_name"],
            aggressor_surnames=self.cleaned_data["aggressor_surnames"],
            aggressor_document=self.cleaned_data["aggressor_document"],
            **self.card_changes(),
        )
