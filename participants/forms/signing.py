"""What she agrees to, in the words of the text in force, and her signature."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from documents.pictures import PictureUnreadable, plain_picture
from documents.uploads import LARGEST_UPLOAD_BYTES
from participants import queries
from participants.consent_scopes import Scope
from participants.models import ConsentText
from participants.signature import Signature, SignatureMethod, SignedConsent, StrokesInvalid, parse_strokes

LONGEST_DRAWING = 80_000


class ConsentForm(forms.Form):
    """Her answers, scope by scope, and her signature: drawn on the screen, or a photo of the signed paper."""

    text_version = forms.CharField(max_length=32, widget=forms.HiddenInput)
    scopes = forms.MultipleChoiceField(
        label=_("She agrees to"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    strokes = forms.CharField(
        max_length=LONGEST_DRAWING, required=False, widget=forms.HiddenInput(attrs={"data-signature": ""})
    )
    paper = forms.FileField(
        label=_("Photo of the signed paper"),
        required=False,
        help_text=_("Instead of signing here: a photo, JPEG or PNG. It is kept sealed; place and camera are removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )

    def __init__(self, *args: Any, text: ConsentText, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("text_version", text.version)
        self.language, self.wording = language, queries.consent_file(text).in_language(language)
        parts = self.wording.parts()
        choices = [(scope.value, parts[scope.value].strip()) for scope in Scope]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout(self.consent_layout(), Submit("save", _("Save")))

    @staticmethod
    def consent_layout() -> Fieldset:
        return Fieldset(
            _("Her consent"),
            HTML("{% include 'participants/_consent_words.html' with wording=form.wording only %}"),
            "text_version",
            "scopes",
            HTML("{% include 'participants/_signature_field.html' only %}"),
            "strokes",
            "paper",
        )

    def show_words(self, text_version: str) -> None:
        """Ask again under the words shown now, where those that she read have been replaced."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["text_version"] = text_version
        self.data = data

    def clean_strokes(self) -> Signature | None:
        text: str = self.cleaned_data["strokes"]
        if not text:
            return None
        try:
            return Signature(SignatureMethod.DRAWN, strokes=parse_strokes(text))
        except StrokesInvalid as error:
            raise forms.ValidationError(_("The signature is too short or cannot be read: sign again.")) from error

    def clean_paper(self) -> Signature | None:
        upload: UploadedFile | None = self.cleaned_data["paper"]
        if upload is None:
            return None
        if (upload.size or 0) > LARGEST_UPLOAD_BYTES:
            raise forms.ValidationError(_("This photo is too large: 20 MB at most."))
        try:
            return Signature(SignatureMethod.PAPER, picture=plain_picture(upload.read()))
        except PictureUnreadable as error:
            raise forms.ValidationError(_("This is no photo that can be read: JPEG or PNG was expected.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"strokes", "paper"} & self.errors.keys() and self._signature(cleaned) is None:
            self.add_error("paper", _("Her signature is missing: she signs above, or you add a photo of the paper."))
        return cleaned

    def consent(self) -> SignedConsent:
        """Return what she agreed to, and her signature. Raise ValueError for a form that is not valid."""
        signature = self._signature(self.cleaned_data)
        if signature is None:
            raise ValueError
        version, scopes = self.cleaned_data["text_version"], frozenset(self.cleaned_data["scopes"])
        return SignedConsent(version, self.language, scopes, signature)

    @staticmethod
    def _signature(cleaned: dict[str, Any]) -> Signature | None:
        signature: Signature | None = cleaned.get("paper") or cleaned.get("strokes")
        return signature
