"""Sheets and surveys as phones send them: read field by field, a bad one never stopping the others."""

import re
from typing import Any

from rest_framework import serializers

from participants.models import ContactOverride
from participants.receipts import REFUSED, SyncResult
from participants.safe_contact import Contact
from risk.models import Assessment
from risk.sheet_content import SentSheet, sheet_content, sheet_sha256
from surveys.entry_content import SentEntry
from surveys.interviewing import Wish
from surveys.models import CallAttempt, PhoneEntry, SurveyDebrief
from surveys.xforms.form import MOST_BYTES
from visits.log_fields import PROBLEMS

_MOST_ANSWERS = 200
_KEY = re.compile(r"[0-9A-Za-z_]{1,32}")
_LONGEST_NOTE = 4000
_MOST_COVERS = 1000
_LARGEST_SCORE = 100_000
_LONGEST_SENTENCE, _LONGEST_ENTRY_NOTE = 500, 1000


class _AnswersField(serializers.DictField):
    """Answers by item; blank where it was not answered."""

    def __init__(self, **words: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=32, allow_null=True, allow_blank=True), **words)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (len(data) > _MOST_ANSWERS or not all(map(_KEY.fullmatch, data))):
            raise serializers.ValidationError(str(PROBLEMS["unreadable"]))
        return super().to_internal_value(data)


class ScaleNameSerializer(serializers.Serializer[Any]):
    """The version on which a sheet was filled in."""

    code = serializers.CharField(max_length=32)
    version = serializers.CharField(max_length=16)


class PrintedSerializer(serializers.Serializer[Any]):
    """A level chosen by hand, and the reference of its printout."""

    level = serializers.CharField(max_length=16)
    reference = serializers.CharField(max_length=64)


class SheetSerializer(serializers.Serializer[Any]):
    """A sheet as the phone filled it in and scored it; `id` is made there, so that sending it again is harmless."""

    id = serializers.UUIDField()
    participant = serializers.CharField(max_length=16)
    visit = serializers.UUIDField(allow_null=True, default=None)
    filled_at = serializers.DateTimeField()
    answers = _AnswersField()
    overrides = _AnswersField(default=dict)
    officer_level = serializers.CharField(max_length=16, allow_blank=True, default="")
    reason = serializers.ChoiceField(Assessment.RaisedReason.choices, allow_blank=True, default="")
    note = serializers.CharField(max_length=_LONGEST_NOTE, allow_blank=True, default="", trim_whitespace=False)
    own_rating = serializers.IntegerField(min_value=0, max_value=10, allow_null=True, default=None)
    printed = PrintedSerializer(allow_null=True, default=None)
    scale = ScaleNameSerializer()
    device_score = serializers.IntegerField(
        min_value=-_LARGEST_SCORE, max_value=_LARGEST_SCORE, allow_null=True, default=None
    )
    device_level = serializers.CharField(max_length=16, allow_blank=True, default="")


class SurveyEntrySerializer(serializers.Serializer[Any]):
    """A questionnaire that was answered, as the library writes it; when it was begun, and how often it was covered."""

    xml = serializers.CharField(max_length=MOST_BYTES, trim_whitespace=False)
    opened_at = serializers.DateTimeField(allow_null=True, default=None)
    times_covered = serializers.IntegerField(min_value=0, max_value=_MOST_COVERS, default=0)


class AttemptEntrySerializer(serializers.Serializer[Any]):
    """A try to reach her, as `surveys.services.Attempt`."""

    attempted_at = serializers.DateTimeField()
    channel = serializers.ChoiceField(Contact.choices)
    outcome = serializers.ChoiceField(CallAttempt.Outcome.choices)
    next_at = serializers.DateTimeField(allow_null=True, default=None)
    outside_reason = serializers.ChoiceField(ContactOverride.Reason.choices, allow_null=True, default=None)
    sentence = serializers.CharField(max_length=_LONGEST_SENTENCE, allow_blank=True, default="")


class DebriefEntrySerializer(serializers.Serializer[Any]):
    """How it was for the interviewer, and whom she wants to talk to the next time."""

    wish = serializers.ChoiceField(Wish.choices)
    codes = serializers.ListField(child=serializers.ChoiceField(SurveyDebrief.Code.choices), max_length=8, default=list)
    note = serializers.CharField(max_length=_LONGEST_ENTRY_NOTE, allow_blank=True, default="", trim_whitespace=False)


class EntrySerializer(serializers.Serializer[Any]):
    """What every entry has; `id` is made by the phone, so that sending it again is harmless."""

    id = serializers.UUIDField()
    case = serializers.UUIDField()
    kind = serializers.ChoiceField(PhoneEntry.Kind.choices)
    at = serializers.DateTimeField(help_text="When it was finished, by the phone's clock")


SAID: dict[str, type[serializers.Serializer[Any]]] = {
    PhoneEntry.Kind.SURVEY: SurveyEntrySerializer,
    PhoneEntry.Kind.ATTEMPT: AttemptEntrySerializer,
    PhoneEntry.Kind.DEBRIEF: DebriefEntrySerializer,
}


def read_entries(entries: list[dict[str, Any]]) -> list[SentEntry | SyncResult]:
    """Return each entry as it was finished, or the refusal of one that cannot be read."""
    form = EntrySerializer()
    read: list[SentEntry | SyncResult] = []
    for entry in entries:
        try:
            known = form.run_validation(entry)
            said = SAID[known["kind"]]().run_validation(entry)
        except serializers.ValidationError as error:
            read.append(SyncResult(**_unreadable_words(entry, error)))
        else:
            whole = {name: value for name, value in entry.items() if name != "id"}
            read.append(SentEntry(known["id"], known["case"], known["kind"], known["at"], said, whole))
    return read


def read_sheets(sheets: list[dict[str, Any]]) -> list[SentSheet | SyncResult]:
    """Return each sheet as it was filled in, or the refusal of one that cannot be read."""
    form = SheetSerializer()
    read: list[SentSheet | SyncResult] = []
    for sheet in sheets:
        try:
            filled = dict(form.run_validation(sheet))
        except serializers.ValidationError as error:
            read.append(_unreadable(sheet, error))
        else:
            said = sheet_sha256({name: value for name, value in sheet.items() if name != "id"})
            read.append(SentSheet(filled.pop("id"), filled["participant"], sheet_content(filled), said))
    return read


def _unreadable(sheet: dict[str, Any], error: serializers.ValidationError) -> SyncResult:
    return SyncResult(**_unreadable_words(sheet, error))


def _unreadable_words(sheet: dict[str, Any], error: serializers.ValidationError) -> dict[str, Any]:
    field = str(next(iter(error.detail))) if isinstance(error.detail, dict) else ""
    # Half a character would not go over the line again.
    sheet_id: Any = str(sheet.get("id", ""))[:36].encode(errors="replace").decode()
    words = {"code": "unreadable", "detail": str(PROBLEMS["unreadable"]), "field": field}
    return {"id": sheet_id, "status": REFUSED, **words}
