"""Masking a text, coding it, and keeping the codebook."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interviews.code_tree import COLOURS
from interviews.masking import Mask
from interviews.models import Code
from interviews.refi_qda import LARGEST_BYTES
from interviews.services import CodeWords, OwnWords, Passage

MOST_OWN_WORDS = 100
COLOUR_NAMES: tuple[str | Promise, ...] = (
    _("Orange"),
    _("Sky blue"),
    _("Green"),
    _("Yellow"),
    _("Blue"),
    _("Vermilion"),
    _("Purple"),
    _("Grey"),
)


class MaskForm(forms.Form):
    """Which suggestions are right, and what the rules did not find."""

    accepted = forms.MultipleChoiceField(required=False, choices=())
    own_words = forms.CharField(
        label=_("Other words to mask, one on each line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "class": "form-control"}),
        help_text=_("Every place where they stand is masked."),
    )
    own_mask = forms.ChoiceField(label=_("What these words are"), choices=Mask.choices)

    def __init__(self, *args: Any, places: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].choices = [(place, place) for place in places]  # type: ignore[attr-defined]

    def clean_own_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["own_words"].splitlines() if line.strip()]
        if len(words) > MOST_OWN_WORDS:
            raise forms.ValidationError(_("Write a hundred lines at most."))
        return words

    def arguments(self) -> dict[str, Any]:
        """Return what `services.mask_transcript` takes beside who, which and when."""
        filled = self.cleaned_data
        accepted = []
        for place in filled["accepted"]:
            paragraph, start, end = (int(part) for part in place.split("-"))
            accepted.append((paragraph, start, end))
        own = [OwnWords(words, Mask(filled["own_mask"])) for words in filled["own_words"]]
        return {"accepted": accepted, "own_words": own}


class CodeChoice(forms.ModelChoiceField):
    """A code, set in as deep as it stands."""

    def __init__(self, *args: Any, codebook: Sequence[tuple[Code, int]], **kwargs: Any) -> None:
        super().__init__(Code.objects.filter(merged_into=None), *args, **kwargs)
        self.depths = {code.pk: depth for code, depth in codebook}
        first = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = [*first, *((code.pk, self.label_from_instance(code)) for code, _depth in codebook)]

    def label_from_instance(self, obj: Any) -> str:
        return f"{'— ' * self.depths.get(obj.pk, 0)}{obj.name}"


class CodingForm(forms.Form):
    """A code for a passage; without start and end, for the whole paragraph."""

    paragraph = forms.IntegerField(label=_("Paragraph"), min_value=1)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codebook: Sequence[tuple[Code, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marked = [(code, depth) for code, depth in codebook if not code.is_heading]
        self.fields["code"] = CodeChoice(label=_("Code"), codebook=marked, empty_label=None)

    def passage(self) -> Passage:
        """Return what was chosen, counted as services count."""
        filled = self.cleaned_data
        return Passage(filled["paragraph"] - 1, filled["start"] or 0, filled["end"])


class CodeForm(forms.Form):
    """What a code says of itself."""

    name = forms.CharField(label=_("Name"), max_length=120)
    memo = forms.CharField(
        label=_("Memo: what belongs to it, and what does not"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    colour = forms.TypedChoiceField(
        label=_("Colour"), coerce=int, choices=[(n, COLOUR_NAMES[n]) for n in range(len(COLOURS))]
    )

    is_heading = forms.BooleanField(
        label=_("Only a heading"), required=False, help_text=_("Nothing is marked with it: it holds others together.")
    )

    def __init__(self, *args: Any, codebook: Sequence[tuple[Code, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = CodeChoice(
            label=_("Stands under"), codebook=codebook, required=False, empty_label=_("Nothing: it stands at the top")
        )
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))

    def words(self) -> CodeWords:
        """Return what was written, as the services take it."""
        filled = self.cleaned_data
        return CodeWords(filled["name"], filled["memo"], filled["colour"], filled["parent"], filled["is_heading"])


class MergeForm(forms.Form):
    """The code as which another counts from now on."""

    def __init__(self, *args: Any, codebook: Sequence[tuple[Code, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = CodeChoice(label=_("Merge it into"), codebook=codebook, empty_label=None)
        self.helper = FormHelper()
        self.helper.add_input(Submit("merge", _("Merge"), css_class="btn-outline-secondary"))


class CodebookFileForm(forms.Form):
    """A codebook of another program."""

    file = forms.FileField(label=_("REFI-QDA codebook (.qdc)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("import", _("Bring in"), css_class="btn-outline-secondary"))

    def content(self) -> bytes:
        """Return the bytes of the file, cut just beyond what is taken."""
        content: bytes = self.cleaned_data["file"].read(LARGEST_BYTES + 1)
        return content
