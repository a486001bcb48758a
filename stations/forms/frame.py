"""What an administrator sends to bring in the frame."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from documents.tables import TableFileError
from stations.frame_file import DistrictRow, StationRow, read_frame

# Both files come back with the confirmation, within what Django reads of a form (2.5 MB). 1,500 stations are 120 kB.
MAX_FILE_BYTES = 512 * 1024


class FrameFilesForm(forms.Form):
    """The two files of the frame; reads them whole, so that every problem is told at once."""

    stations = forms.FileField(
        label=_("Stations (CSV)"),
        help_text=_("Columns: code, ubigeo, district, name, officers and three parts of them"),
    )
    districts = forms.FileField(
        label=_("Districts (CSV)"), help_text=_("Columns: ubigeo, name, area, population, poverty, HDI, coordinates")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: tuple[list[StationRow], list[DistrictRow]] | None = None
        self.texts: dict[str, str] = {}
        self.helper = FormHelper()
        self.helper.add_input(Submit("check", _("Check the files")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stations, districts = cleaned.get("stations"), cleaned.get("districts")
        if isinstance(stations, UploadedFile) and isinstance(districts, UploadedFile):
            self._read(stations, districts)
        return cleaned

    def _read(self, stations: UploadedFile, districts: UploadedFile) -> None:
        if max(stations.size or 0, districts.size or 0) > MAX_FILE_BYTES:
            self.add_error(None, _("A file is larger than 512 kB: that is no frame of stations."))
            return
        contents = stations.read(), districts.read()
        try:
            self.rows = read_frame(
                stations=contents[0],
                districts=contents[1],
                stations_name=stations.name or "stations",
                districts_name=districts.name or "districts",
            )
            self.texts = {
                "stations": contents[0].decode("utf-8-sig"),
                "districts": contents[1].decode("utf-8-sig"),
            }
        except TableFileError as error:
            for problem in error.problems:
                self.add_error(None, str(problem))


class ConfirmFrameForm(forms.Form):
    """The content that was checked, sent back to be written."""

    stations = forms.CharField(widget=forms.HiddenInput, strip=False)
    districts = forms.CharField(widget=forms.HiddenInput, strip=False)

    def rows(self) -> tuple[list[StationRow], list[DistrictRow]]:
        """Read the content again. Raises TableFileError if it is no longer what was checked."""
        return read_frame(
            stations=self.cleaned_data["stations"].encode(),
            districts=self.cleaned_data["districts"].encode(),
            stations_name="stations",
            districts_name="districts",
        )
