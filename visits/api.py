"""Visits for programs: the same scope, the same service and the same refusals as the pages."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from participants.receipts import NEW, SyncResult, in_sent_order
from visits import queries, services
from visits.forms.sent_logs import VisitLogSerializer, read_log, read_logs
from visits.log_content import content_of, content_sha256
from visits.models import Visit
from visits.parcels import to_text
from visits.sync_batch import LONGEST_BATCH, SentLog

LONGEST_SKEW_S = 2_000_000_000


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


class ReceiptSerializer(serializers.Serializer[Any]):
    """What the server keeps: the device may forget the log once it holds this."""

    id = serializers.UUIDField()
    received_at = serializers.DateTimeField()
    content_sha256 = serializers.CharField()


_one_receipt = lru_cache(maxsize=1)(ReceiptSerializer)


class RefusalSerializer(serializers.Serializer[Any]):
    """Why not, for machines and for people."""

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False, help_text="The field that it speaks of, if it is one")


class BatchSerializer(serializers.Serializer[Any]):
    """Logs that a phone kept while it had no signal, in the order in which they were written."""

    sent_at = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="The phone's clock as it sends"
    )
    logs = serializers.ListField(child=serializers.DictField(), max_length=LONGEST_BATCH, allow_empty=False)


class DeviceSerializer(serializers.Serializer[Any]):
    """A phone by the identifier that it made, and what it says of itself."""

    id = serializers.UUIDField()
    sent_at = serializers.DateTimeField(help_text="The phone's clock as it sends")
    unsent_count = serializers.IntegerField(min_value=0, max_value=100_000, default=0)
    oldest_unsent_at = serializers.DateTimeField(allow_null=True, default=None)


class DeviceAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock, and the key to which the phone seals what it cannot send."""

    now = serializers.DateTimeField()
    key = serializers.DictField(child=serializers.CharField())


class ServerPartSerializer(serializers.Serializer[Any]):
    """The server's part of the phone's key, in base64url."""

    server_part = serializers.CharField()


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
        now = timezone.now()
        visit = queries.visit_to_log(person(request), visit_id, timezone.localdate(now))
        if visit is None:
            raise Http404
        log_id, filled = read_log(request.data)
        log = services.log_visit(by=person(request), visit=visit, log_id=log_id, now=now, **filled)
        answer = status.HTTP_201_CREATED if log.received_at == now else status.HTTP_200_OK
        receipt = SyncResult(log.pk, NEW, log.received_at, content_sha256(str(visit.pk), content_of(**filled)))
        return Response(_one_receipt().to_representation(receipt), status=answer)


class VisitSyncAPI(APIView):
    """Keep logs that were written without a signal: each exactly once, however often it is sent."""

    @extend_schema(operation_id="visit_sync", request=BatchSerializer, responses=SyncAnswerSerializer)
    def post(self, request: Request) -> Response:
        now = timezone.now()
        batch = BatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        read = read_logs(batch.validated_data["logs"])
        sent_at = batch.validated_data["sent_at"]
        skew_s = skew_seconds(sent_at, now)
        kept = services.sync_logs(
            by=person(request), sent=[log for log in read if isinstance(log, SentLog)], clock_skew_s=skew_s, now=now
        )
        return Response(SyncAnswerSerializer({"now": now, "results": in_sent_order(read, kept, sent=SentLog)}).data)


class DeviceAPI(APIView):
    """Register a phone, or hear of it again."""

    @extend_schema(operation_id="device_sync", request=DeviceSerializer, responses=DeviceAnswerSerializer)
    def post(self, request: Request) -> Response:
        said, now = DeviceSerializer(data=request.data), timezone.now()
        said.is_valid(raise_exception=True)
        device_id, sent_at = said.validated_data["id"], said.validated_data["sent_at"]
        state = services.DeviceState(
            clock_skew_s=skew_seconds(sent_at, now),
            unsent_count=said.validated_data["unsent_count"],
            oldest_unsent_at=said.validated_data["oldest_unsent_at"],
        )
        services.register_device(by=person(request), device_id=device_id, now=now)
        services.hear_of_device(by=person(request), device_id=device_id, state=state, now=now)
        key = services.sealing_key_in_use(by=person(request), now=now)
        answer = {"now": now, "key": {"id": key.pk, "key": to_text(bytes(key.public_point))}}
        return Response(DeviceAnswerSerializer(answer).data)


class ServerPartAPI(APIView):
    """Give a phone the server's part of its key, as often as it asks; each asking is counted."""

    @extend_schema(operation_id="device_part", request=None, responses=ServerPartSerializer)
    def post(self, request: Request, device_id: UUID) -> Response:
        part = services.give_server_part(by=person(request), device_id=device_id, now=timezone.now())
        return Response(ServerPartSerializer({"server_part": to_text(part)}).data)


def skew_seconds(sent_at: datetime | None, now: datetime) -> int | None:
    """Return by how many seconds a phone's clock is ahead, within what a column holds; None if it did not say."""
    if sent_at is None:
        return None
    return max(-LONGEST_SKEW_S, min(LONGEST_SKEW_S, round((sent_at - now).total_seconds())))


device_api = DeviceAPI.as_view()
device_api_part = ServerPartAPI.as_view()
visit_sync = VisitSyncAPI.as_view()
visit_api_list = VisitListAPI.as_view()
visit_api_log = VisitLogAPI.as_view()
