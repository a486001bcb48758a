"""The steps of a referral, and the entries of the directory."""

import re
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from protocol.parts import Label
from referrals.directory_file import ServiceEntry
from referrals.models import Referral, SupportService
from referrals.services import Agreement, StepWords
from referrals.states import WAYS_ALLOWED
from stations.models import District

Status = Referral.Status


class StepForm(forms.Form):
    """What every step has: its day and a note. `seen` is where the referral stood when the page showed it."""

    step = ""
    button = _("Save")
    step_fields: tuple[str, ...] = ()

    on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    note = forms.CharField(
        label=_("Note (kept sealed)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, referral: Referral | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
        self.helper = FormHelper()
        self.helper.attrs = {"autocomplete": "off"}
        fields = [*self.step_fields, "on", "note"]
        if referral is not None:
            self.auto_id = f"id_{self.step}_%s"
            self.helper.form_id = f"form-{self.step}"
            self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=referral.standing)
            self.fields["step"] = forms.CharField(widget=forms.HiddenInput, initial=self.step)
            fields += ["seen", "step"]
        submit = Submit(f"save_{self.step}", self.button, css_class="btn-primary btn-lg w-100")
        self.helper.layout = Layout(*(Field(name) for name in fields), submit)

    def words(self) -> StepWords:
        """Return the day and the note, as the services take them."""
        return StepWords(self.cleaned_data["on"], self.cleaned_data["note"])

    def arguments(self) -> dict[str, Any]:
        """Return what the step's service takes beside who, which and when."""
        return {"words": self.words()}


class ServiceChoice(forms.ModelChoiceField):
    """A service by its name and what it is for, in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        language = _language()
        return f"{getattr(obj, f'name_{language}')} · {getattr(obj, f'purpose_{language}')}"


class OfferForm(StepForm):
    """Which service was offered."""

    button = _("I offered it to her")
    step_fields = ("service",)

    service = ServiceChoice(
        label=_("Which service"), queryset=SupportService.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, services: QuerySet[SupportService], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"words": self.words(), "service": self.cleaned_data["service"]}


class AnswerForm(StepForm):
    """What she said; if she agrees, what may be told of her."""

    step = "answer"
    step_fields = ("answer", "sharing", "how")

    answer = forms.ChoiceField(
        label=_("What she said"),
        choices=[("yes", _("Yes, she agrees")), ("no", _("No, she does not want it"))],
        widget=forms.RadioSelect,
    )
    sharing = forms.ChoiceField(
        label=_("If she agrees: what may the service be told of her?"),
        choices=Referral.Sharing.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    how = forms.ChoiceField(
        label=_("How did she agree?"), choices=Referral.Agreed.choices, widget=forms.RadioSelect, required=False
    )

    def clean(self) -> dict[str, Any]:
        filled: dict[str, Any] = super().clean() or {}
        if filled.get("answer") == "yes":
            for name in ("sharing", "how"):
                if not filled.get(name) and name not in self.errors:
                    self.add_error(name, _("Say what she agreed to, and how."))
        return filled

    def arguments(self) -> dict[str, Any]:
        filled = self.cleaned_data
        agreed = filled["answer"] == "yes"
        agreement = Agreement(Referral.Sharing(filled["sharing"]), Referral.Agreed(filled["how"])) if agreed else None
        return {"words": self.words(), "agreement": agreement}


class SentForm(StepForm):
    """How she was put in touch: no way that tells more of her than she agreed to is offered."""

    step = "sent"
    step_fields = ("way",)

    way = forms.ChoiceField(label=_("How was she put in touch?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        allowed = WAYS_ALLOWED.get(referral.sharing, frozenset())
        choices = [(way, label) for way, label in Referral.Way.choices if way in allowed]
        self.fields["way"].choices = choices  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"words": self.words(), "way": Referral.Way(self.cleaned_data["way"])}


class TakeBackForm(StepForm):
    """She agreed, and no longer does."""

    step = "take_back"
    button = _("She no longer wants it")

    def arguments(self) -> dict[str, Any]:
        return {"words": self.words(), "agreement": None}


class OutcomeForm(StepForm):
    """What came of it."""

    step = "outcome"
    step_fields = ("outcome",)

    outcome = forms.ChoiceField(label=_("What came of it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        outcomes = [Status.TAKEN_UP, Status.NOT_TAKEN_UP, Status.NO_ANSWER]
        if referral.status == Status.NO_ANSWER:
            outcomes.append(Status.CLOSED)
        self.fields["outcome"].choices = [(o.value, o.label) for o in outcomes]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"words": self.words(), "outcome": Status(self.cleaned_data["outcome"])}


# By the state of a referral, what can be written next.
NEXT_STEPS: Mapping[str, tuple[type[StepForm], ...]] = {
    Status.OFFERED: (AnswerForm,),
    Status.ACCEPTED: (SentForm, TakeBackForm),
    Status.SENT: (OutcomeForm,),
    Status.NO_ANSWER: (OutcomeForm,),
}


def next_steps(referral: Referral, posted: Any = None) -> list[StepForm]:
    """Return the forms that a referral's state allows, the one that was sent filled with what was typed."""
    sent = posted.get("step") if posted is not None else None
    return [
        form(posted if form.step == sent else None, referral=referral)
        for form in NEXT_STEPS.get(Status(referral.status), ())
    ]


class DistrictChoice(forms.ModelChoiceField):
    """A district by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ServiceForm(forms.Form):
    """An entry of the directory, in both languages."""

    kind = forms.ChoiceField(label=_("Kind of help"), choices=SupportService.Kind.choices)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    purpose_es = forms.CharField(label=_("What it is for, in Spanish"), max_length=300)
    purpose_en = forms.CharField(label=_("What it is for, in English"), max_length=300)
    for_whom_es = forms.CharField(label=_("For whom, in Spanish"), max_length=200)
    for_whom_en = forms.CharField(label=_("For whom, in English"), max_length=200)
    telephone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^\+?[0-9 ]{3,20}$", _("Write digits and spaces only, such as 01 419 7260."))],
    )
    hours_es = forms.CharField(label=_("Hours, in Spanish"), max_length=120)
    hours_en = forms.CharField(label=_("Hours, in English"), max_length=120)
    district = DistrictChoice(
        label=_("District"), queryset=District.objects.none(), required=False, empty_label=_("The whole country")
    )
    address = forms.CharField(
        label=_("Address"), max_length=200, required=False, help_text=_("Never that of a shelter.")
    )
    source = forms.CharField(label=_("Where this is known from"), max_length=200)

    def __init__(self, *args: Any, districts: QuerySet[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))

    def clean(self) -> dict[str, Any]:
        filled: dict[str, Any] = super().clean() or {}
        if filled.get("kind") == SupportService.Kind.SHELTER and filled.get("address"):
            self.add_error("address", _("The address of a shelter is never written."))
        if "name_es" in filled and not _code_of(filled["name_es"]):
            self.add_error("name_es", ValidationError(_("Begin the name with a letter.")))
        return filled

    def entry(self) -> ServiceEntry:
        """Return the entry; its code is made of its Spanish name."""
        filled = self.cleaned_data
        both = {
            name: Label(es=filled[f"{name}_es"], en=filled[f"{name}_en"])
            for name in ("name", "purpose", "hours", "for_whom")
        }
        district = filled["district"]
        return ServiceEntry(
            code=_code_of(filled["name_es"]),
            kind=filled["kind"],
            telephone=filled["telephone"],
            address=filled["address"],
            ubigeo=district.pk if district else None,
            source=filled["source"],
            **both,
        )


def _code_of(name: str) -> str:
    return re.sub(r"^[^a-z]+", "", slugify(name).replace("-", "_"))[:32]


def _language() -> str:
    return "en" if get_language() == "en" else "es"
