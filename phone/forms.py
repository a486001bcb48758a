"""Sheets as phones send them: read field by field, one bad sheet never stopping the others."""

import re
from typing import Any

from rest_framework import serializers

from risk.models import Assessment
from risk.sheet_content import REFUSED, SentSheet, SheetResult, sheet_content, sheet_sha256
from visits.log_fields import PROBLEMS

_MOST_ANSWERS = 200
_KEY = re.compile(r"[0-9A-Za-z_]{1,32}")
_LONGEST_NOTE = 4000
_LARGEST_SCORE = 100_000


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


def read_sheets(sheets: list[dict[str, Any]]) -> list[SentSheet | SheetResult]:
    """Return each sheet as it was filled in, or the refusal of one that cannot be read."""
    form = SheetSerializer()
    read: list[SentSheet | SheetResult] = []
    for sheet in sheets:
        try:
            filled = dict(form.run_validation(sheet))
        except serializers.ValidationError as error:
            read.append(_unreadable(sheet, error))
        else:
            said = sheet_sha256({name: value for name, value in sheet.items() if name != "id"})
            read.append(SentSheet(filled.pop("id"), filled["participant"], sheet_content(filled), said))
    return read


def _unreadable(sheet: dict[str, Any], error: serializers.ValidationError) -> SheetResult:
    field = str(next(iter(error.detail))) if isinstance(error.detail, dict) else ""
    # Half a character would not go over the line again.
    sheet_id: Any = str(sheet.get("id", ""))[:36].encode(errors="replace").decode()
    return SheetResult(sheet_id, REFUSED, code="unreadable", detail=str(PROBLEMS["unreadable"]), field=field)
