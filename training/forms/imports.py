"""The list of attendance that an administrator sends."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from documents.tables import Problem, as_csv
from protocol.queries import current_protocol
from training.attendance_file import AttendanceRow, read_attendance

# What was read comes back with each look at it. 1,000 officers with two modules are 100 kB.
MAX_FILE_BYTES = 512 * 1024


class AttendanceFileForm(forms.Form):
    """A list, or what was read of it a moment ago: nobody has to choose a right file twice.

    `rows` holds the rows that are right by themselves, `problems` everything else, once there is a list.
    """

    list_file = forms.FileField(
        label=_("List (CSV or XLSX)"),
        help_text=_(
            "Columns: officer, module, held_on, station; if known minutes_late, score_before, score_after. "
            "A row for each officer and module attended."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    list_name = forms.CharField(required=False, widget=forms.HiddenInput)
    list_text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason for a correction"),
        max_length=500,
        required=False,
        help_text=_("Needed only if something that was already written down changes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        self.data = self.kept
        self.rows: list[AttendanceRow] = []
        self.problems: list[Problem] = []
        self.name = ""
        self.helper = FormHelper()
        self.helper.layout = Layout("list_file", Submit("check", _("Check the file")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("list_file")
        if isinstance(upload, UploadedFile):
            content, self.name = upload.read(MAX_FILE_BYTES + 1), upload.name or "list"
        else:
            content, self.name = cleaned.get("list_text", "").encode(), cleaned.get("list_name") or "list"
        text = as_csv(content)
        if max(len(content), len(text.encode())) > MAX_FILE_BYTES:
            self.add_error("list_file", _("The file is larger than 512 kB: that is no list of attendance."))
        elif not content and "list_file" not in self.errors:
            self.add_error("list_file", _("Choose the file."))
        elif text:
            self.kept["list_text"], self.kept["list_name"] = text, self.name
        if not self.errors:
            modules = current_protocol().training.numbers
            self.rows, self.problems = read_attendance(content, name=self.name, modules=modules)
        return cleaned
