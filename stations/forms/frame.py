"""What an administrator sends to bring in the frame, and to look through it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from documents.tables import as_csv
from stations.eligibility import Exclusion
from stations.frame_file import FrameFiles, read_files
from stations.frame_listing import ALL, ELIGIBLE

# What was read comes back with each look at it, within what Django reads of a form (2.5 MB). 1,500 stations are 120 kB.
MAX_FILE_BYTES = 512 * 1024
PARTS = ("stations", "districts")


class FrameFilesForm(forms.Form):
    """The two files of the frame, or what was read of them a moment ago: nobody has to choose a right file twice.

    `read` holds their rows and everything that is wrong with them, once both are there.
    """

    stations = forms.FileField(
        label=_("Stations (CSV or XLSX)"),
        help_text=_("Columns: code, ubigeo, district, name, officers and three parts of them; ipv_reports if known"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    districts = forms.FileField(
        label=_("Districts (CSV or XLSX)"),
        help_text=_("Columns: ubigeo, name, area, population, poverty, HDI, coordinates"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    stations_name = forms.CharField(required=False, widget=forms.HiddenInput)
    stations_text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    districts_name = forms.CharField(required=False, widget=forms.HiddenInput)
    districts_text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        self.data = self.kept
        self.read = FrameFiles([], [], [])
        self.helper = FormHelper()
        self.helper.add_input(Submit("check", _("Check the files")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        (stations_name, stations), (districts_name, districts) = (self._file(part, cleaned) for part in PARTS)
        if not self.errors:
            self.read = read_files(
                stations=stations, districts=districts, stations_name=stations_name, districts_name=districts_name
            )
        return cleaned

    def _file(self, part: str, cleaned: dict[str, Any]) -> tuple[str, bytes]:
        """Return name and content of the file chosen now, or else before; keep it for the next look."""
        upload = cleaned.get(part)
        if isinstance(upload, UploadedFile):
            content, name = upload.read(MAX_FILE_BYTES + 1), upload.name or part
        else:
            content, name = cleaned.get(f"{part}_text", "").encode(), cleaned.get(f"{part}_name") or part
        kept = as_csv(content)
        if max(len(content), len(kept.encode())) > MAX_FILE_BYTES:
            self.add_error(part, _("The file is larger than 512 kB: that is no frame of stations."))
        elif not content and part not in self.errors:
            self.add_error(part, _("Choose the file."))
        elif kept:
            self.kept[f"{part}_text"], self.kept[f"{part}_name"] = kept, name
            self[part].help_text = _("%(file)s has been read; choose a file only to replace it.") % {"file": name}
        return name, content


class LookForm(forms.Form):
    """Which rows of a dry run to look at, as fate.page ("changed.2"), and the dry run that was looked at."""

    show = forms.RegexField(r"^[a-z]*\.[0-9]{1,6}$", required=False)
    seen = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.fate, _dot, self.page = self.cleaned_data.get("show", "").partition(".")
        self.seen_fingerprint: str = self.cleaned_data.get("seen", "")


class FrameSearchForm(forms.Form):
    """What of the frame to list: words to find and a filter; what is neither lists everything."""

    buscar = forms.CharField(label=_("Find a station"), required=False, max_length=100)
    ver = forms.ChoiceField(required=False, choices=[(value, value) for value in (ALL, ELIGIBLE, *Exclusion)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()
        self.words: str = self.cleaned_data.get("buscar", "")
        self.show: str = self.cleaned_data.get("ver") or ALL
