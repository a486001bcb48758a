"""Visits for programs: the same scope, the same service and the same refusals as the pages."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from visits import queries, services
from visits.log_content import VisitAnswers, content_of, content_sha256
from visits.log_fields import FIELDS, PROBLEMS, Kind, LogField
from visits.models import Visit
from visits.sync_batch import LONGEST_BATCH, NEW, REFUSED, SentLog, SyncResult


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A visit of the day, by study code: never a name, never an arm."""

    participant = serializers.CharField(source="participant.study_code", read_only=True)
    level = serializers.SerializerMethodField()
    officers = serializers.SerializerMethodField()
    is_mine = serializers.BooleanField(read_only=True)

    class Meta:
        model = Visit
        fields = (
            "id", "participant", "planned_on", "window_from", "window_until", "status", "level", "officers", "is_mine",
        )  # fmt: skip

    def get_level(self, visit: Visit) -> str:
        """The risk level that she holds; empty while she has none."""
        held = getattr(visit.participant, "current_risk", None)
        return held.level if held else ""

    def get_officers(self, visit: Visit) -> list[str]:
        """The codes of those who go; none while there were no hands."""
        return [officer.code for officer in (visit.first_officer, visit.second_officer) if officer is not None]


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


class ReceiptSerializer(serializers.Serializer[Any]):
    """What the server keeps: the device may forget the log once it holds this."""

    id = serializers.UUIDField()
    received_at = serializers.DateTimeField()
    content_sha256 = serializers.CharField()


class RefusalSerializer(serializers.Serializer[Any]):
    """Why not, for machines and for people."""

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False, help_text="The field that it speaks of, if it is one")


class SyncedLogSerializer(VisitLogSerializer):
    """A log with the visit that it is of."""

    visit = serializers.UUIDField()


class BatchSerializer(serializers.Serializer[Any]):
    """Logs that a phone kept while it had no signal, in the order in which they were written."""

    sent_at = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="The phone's clock as it sends"
    )
    logs = serializers.ListField(child=serializers.DictField(), max_length=LONGEST_BATCH, allow_empty=False)


class SyncResultSerializer(serializers.Serializer[Any]):
    """What became of one log: 201 new, 200 kept before, 409 kept beside another, 422 refused.

    With `received_at` it is a receipt, and the phone may forget the log; without one it must keep it.
    """

    id = serializers.CharField()
    status = serializers.IntegerField()
    received_at = serializers.DateTimeField(allow_null=True)
    content_sha256 = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField()


class SyncAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock, and one result for each log in the order sent."""

    now = serializers.DateTimeField()
    results = SyncResultSerializer(many=True)


class VisitListAPI(APIView):
    """Today's visits of the station where the caller serves."""

    @extend_schema(responses=VisitSerializer(many=True), operation_id="visits_today")
    def get(self, request: Request) -> Response:
        visits = queries.visits_on(person(request), timezone.localdate())
        return Response(VisitSerializer(visits, many=True).data)


class VisitLogAPI(APIView):
    """Log a visit: 201 when it is new, 200 when the same log came before."""

    @extend_schema(
        operation_id="visit_log",
        request=VisitLogSerializer,
        responses={
            201: ReceiptSerializer,
            200: OpenApiResponse(ReceiptSerializer, description="The same log is already kept"),
            400: OpenApiResponse(description="A field is wrong; each is named"),
            404: OpenApiResponse(description="No such visit in the caller's station"),
            409: OpenApiResponse(RefusalSerializer, description="Already logged, moved, or sent with other content"),
            422: OpenApiResponse(
                RefusalSerializer, description="Not acceptable: an answer is missing, or it lies ahead"
            ),
        },
    )
    def post(self, request: Request, visit_id: Any) -> Response:
        visit = get_object_or_404(Visit.objects.visible_to(person(request)), pk=visit_id)
        form = VisitLogSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        log_id, filled = _parted(form.validated_data)
        now = timezone.now()
        log = services.log_visit(by=person(request), visit=visit, log_id=log_id, now=now, **filled)
        answer = status.HTTP_201_CREATED if log.received_at == now else status.HTTP_200_OK
        receipt = SyncResult(log.pk, NEW, log.received_at, content_sha256(str(visit.pk), content_of(**filled)))
        return Response(ReceiptSerializer(receipt).data, status=answer)


class VisitSyncAPI(APIView):
    """Keep logs that were written without a signal: each exactly once, however often it is sent."""

    @extend_schema(operation_id="visit_sync", request=BatchSerializer, responses=SyncAnswerSerializer)
    def post(self, request: Request) -> Response:
        now = timezone.now()
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        read = _read_logs(batch.validated_data["logs"])
        sent_at = batch.validated_data["sent_at"]
        skew_s = None if sent_at is None else round((sent_at - now).total_seconds())
        kept = services.sync_logs(
            by=person(request), sent=[log for log in read if isinstance(log, SentLog)], clock_skew_s=skew_s, now=now
        )
        waiting = iter(kept)
        results = [next(waiting) if isinstance(log, SentLog) else log for log in read]
        return Response(SyncAnswerSerializer({"now": now, "results": results}).data)


def _read_logs(logs: list[dict[str, Any]]) -> list[SentLog | dict[str, Any]]:
    """Return each log as it was written, or the refusal of one that cannot be read: it never stops the others."""
    form = SyncedLogSerializer()
    read: list[SentLog | dict[str, Any]] = []
    for log in logs:
        try:
            log_id, filled = _parted(form.run_validation(log))
        except serializers.ValidationError as error:
            read.append(_unreadable(log, error))
        else:
            read.append(SentLog(log_id, filled.pop("visit"), content_of(**filled)))
    return read


def _unreadable(log: dict[str, Any], error: serializers.ValidationError) -> dict[str, Any]:
    field = next(iter(error.detail)) if isinstance(error.detail, dict) else ""
    said = {"code": "unreadable", "detail": str(PROBLEMS["unreadable"]), "field": field}
    return {"id": str(log.get("id", ""))[:36], "status": REFUSED, "received_at": None, "content_sha256": "", **said}


def _parted(validated: dict[str, Any]) -> tuple[UUID, dict[str, Any]]:
    """Return the log's identifier, and the rest as `services.log_visit` and `content_of` take it."""
    filled = dict(validated)
    log_id = filled.pop("id")
    answers = {name: filled.pop(name) for name in VisitAnswers.__dataclass_fields__}
    return log_id, {**filled, "answers": VisitAnswers(**{**answers, "present": tuple(answers["present"])})}


visit_sync = VisitSyncAPI.as_view()
visit_api_list = VisitListAPI.as_view()
visit_api_log = VisitLogAPI.as_view()
