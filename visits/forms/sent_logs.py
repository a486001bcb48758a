"""Logs as phones and programs send them: read field by field, as `log_fields` declares."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from rest_framework import serializers

from participants.receipts import REFUSED
from visits.log_content import VisitAnswers, content_of
from visits.log_fields import FIELDS, PROBLEMS, Kind, LogField
from visits.sync_batch import SentLog


class VisitLogSerializer(serializers.Serializer[Any]):
    """A log as the device wrote it; `id` is made there, so that sending it again is harmless."""

    id = serializers.UUIDField()

    def get_fields(self) -> dict[str, Any]:
        """Return `id` and what `log_fields` declares."""
        return {**super().get_fields(), **{name: _serializer_field(declared) for name, declared in FIELDS.items()}}


def _serializer_field(declared: LogField) -> serializers.Field:
    choices = list({choice.value: choice.label for choice in declared.choices}.items())
    made: serializers.Field
    match declared.kind:
        case Kind.CHOICE if declared.required and not declared.asked_if:
            made = serializers.ChoiceField(choices=choices)
        case Kind.CHOICE:
            made = serializers.ChoiceField(choices=choices, allow_blank=True, default="")
        case Kind.CHOICES:
            child = serializers.ChoiceField(choices=choices)
            made = serializers.ListField(child=child, max_length=len(choices), default=list)
        case Kind.FLAG:
            made = serializers.BooleanField(default=False)
        case Kind.TEXT:
            made = serializers.CharField(
                max_length=declared.longest, allow_blank=True, default="", trim_whitespace=False, write_only=True
            )
        case Kind.DAY:
            made = serializers.DateField(allow_null=True, default=None)
        case Kind.HOUR:
            made = serializers.TimeField(allow_null=True, default=None)
        case Kind.MOMENT:
            made = serializers.DateTimeField()
    return made


class SyncedLogSerializer(VisitLogSerializer):
    """A log with the visit that it is of."""

    visit = serializers.UUIDField()


_one_log = lru_cache(maxsize=1)(VisitLogSerializer)


def read_log(log: Any) -> tuple[UUID, dict[str, Any]]:
    """Return one log as `parted` does. Raise ValidationError; the form is made once, as it keeps nothing of a log."""
    return parted(_one_log().run_validation(log))


def read_logs(logs: list[dict[str, Any]]) -> list[SentLog | dict[str, Any]]:
    """Return each log as it was written, or the refusal of one that cannot be read: it never stops the others."""
    form = SyncedLogSerializer()
    read: list[SentLog | dict[str, Any]] = []
    for log in logs:
        try:
            log_id, filled = parted(form.run_validation(log))
        except serializers.ValidationError as error:
            read.append(_unreadable(log, error))
        else:
            read.append(SentLog(log_id, filled.pop("visit"), content_of(**filled)))
    return read


def _unreadable(log: dict[str, Any], error: serializers.ValidationError) -> dict[str, Any]:
    field = next(iter(error.detail)) if isinstance(error.detail, dict) else ""
    said = {"code": "unreadable", "detail": str(PROBLEMS["unreadable"]), "field": field}
    # Half a character would not go over the line again.
    log_id = str(log.get("id", ""))[:36].encode(errors="replace").decode()
    return {"id": log_id, "status": REFUSED, "received_at": None, "content_sha256": "", **said}


def parted(validated: dict[str, Any]) -> tuple[UUID, dict[str, Any]]:
    """Return the log's identifier, and the rest as `services.log_visit` and `content_of` take it."""
    filled = dict(validated)
    log_id = filled.pop("id")
    answers = {name: filled.pop(name) for name in VisitAnswers.__dataclass_fields__}
    return log_id, {**filled, "answers": VisitAnswers(**{**answers, "present": tuple(answers["present"])})}
