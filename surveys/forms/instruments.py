"""Forms of the pages about questionnaires and the queries about what was answered."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from documents.uploads import LARGEST_UPLOAD_BYTES
from surveys.instrument_source import MOST_BYTES
from surveys.models import DataQuery, Instrument


class SeveralFilesInput(forms.ClearableFileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, each checked as one is; none at all gives an empty list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, Sequence) else [data] if data else []
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]


class InstrumentUploadForm(forms.Form):
    """A workbook with the files that it names, and whether its text belongs to a licence holder."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        help_text=_("An XLSForm with the sheets survey, choices and settings. It is stored as a draft."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    attached = SeveralFilesField(
        label=_("Files that it names"),
        help_text=_(
            "Pictures (PNG or JPEG) and lists (CSV, GeoJSON, XML) that cells of the workbook name: several files, or "
            "one ZIP archive. Place and camera are taken off pictures. Sound and films are not taken."
        ),
        widget=SeveralFilesInput(attrs={"accept": ".png,.jpg,.jpeg,.csv,.geojson,.xml,.zip"}),
        required=False,
    )
    is_private = forms.BooleanField(
        label=_("Its text belongs to a licence holder"),
        help_text=_("The file is then not given out to researchers."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": "", "enctype": "multipart/form-data"}
        self.helper.add_input(Submit("load", _("Check and load"), css_class="btn-primary"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large: at most 10 MB."))
        return file

    def clean_attached(self) -> list[Any]:
        given: list[Any] = self.cleaned_data["attached"]
        # Of one request, no more than that is kept in memory.
        most = min(settings.QUESTIONNAIRE_FILES_BYTES, LARGEST_UPLOAD_BYTES - MOST_BYTES)
        if sum(one.size for one in given) > most:
            raise forms.ValidationError(
                _("The files are too large together: at most %(most)s bytes.") % {"most": f"{most:,}"}
            )
        return given


class WaveForm(forms.Form):
    """Which version a wave asks from now on."""

    instrument = forms.ModelChoiceField(queryset=Instrument.objects.none(), label=_("Version"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Instrument.objects.listed().filter(status=Instrument.Status.PUBLISHED)
        self.fields["instrument"].queryset = published  # type: ignore[attr-defined]


class ExplanationForm(forms.Form):
    """What is behind an answer that breaks a rule."""

    explanation = forms.ChoiceField(choices=DataQuery.Explanation.choices, label=_("What is behind it"))
