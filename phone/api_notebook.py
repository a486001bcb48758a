"""What the application on an interviewer's phone asks of the server: her surveys of the week, and the sync of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from accounts.models import User
from phone import services
from phone.api import DeviceQuerySerializer, PlainJSONRenderer
from phone.forms import read_entries
from phone.presenters import notebook as presenters
from phone.presenters.days import card_data, entity_tag
from surveys.entry_content import LONGEST_BATCH, SentEntry
from surveys.queries.attempts import attempts_of
from surveys.queries.notebook import cases_of_week, instruments_of
from surveys.services import sync_entries
from visits.api import SyncResultSerializer, skew_seconds
from visits.services import sealing_key_in_use


class EntryBatchSerializer(serializers.Serializer[Any]):
    """Surveys, attempts and debriefings that a phone kept while it had no signal, in the order made."""

    sent_at = serializers.DateTimeField(default=None, allow_null=True, help_text="The phone's clock as it sends")
    entries = serializers.ListField(child=serializers.DictField(), max_length=LONGEST_BATCH, allow_empty=False)


class EntryAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock, and one result for each entry in the order sent; as of the sync of logs."""

    now = serializers.DateTimeField()
    results = SyncResultSerializer(many=True)


class NotebookAPI(APIView):
    """Give a phone its interviewer's surveys of the week, their questionnaires and cards; 304 if all is as it was."""

    renderer_classes = (PlainJSONRenderer,)

    @extend_schema(
        operation_id="phone_notebook",
        parameters=[OpenApiParameter("device", UUID, required=True)],
        responses={200: OpenApiTypes.OBJECT, 304: OpenApiResponse(description="All is as it was")},
    )
    def get(self, request: Request) -> Response:
        asked = DeviceQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        notebook = _notebook(person(request), asked.validated_data["device"], timezone.now())
        tag = entity_tag(notebook)
        seen = {known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))}
        if tag in seen:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return Response(notebook, headers={"ETag": tag})


class EntrySyncAPI(APIView):
    """Take what an interviewer kept without a signal, each thing exactly once, checked again here."""

    renderer_classes = (PlainJSONRenderer,)

    @extend_schema(operation_id="entry_sync", request=EntryBatchSerializer, responses=EntryAnswerSerializer)
    def post(self, request: Request) -> Response:
        now, by = timezone.now(), person(request)
        batch = EntryBatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        read = read_entries(batch.validated_data["entries"])
        sent = [entry for entry in read if isinstance(entry, SentEntry)]
        skew_s = skew_seconds(batch.validated_data["sent_at"], now)
        kept = iter(sync_entries(by=by, sent=sent, clock_skew_s=skew_s, now=now))
        results = [next(kept) if isinstance(entry, SentEntry) else entry for entry in read]
        return Response(EntryAnswerSerializer({"now": now, "results": results}).data)


def _notebook(by: User, device_id: UUID, now: datetime) -> dict[str, Any]:
    cases = list(cases_of_week(by, timezone.localdate(now)))
    women = {case.participant_id: case.participant for case in cases}
    given = services.give_cards(by=by, device_id=device_id, participants=list(women.values()), now=now)
    return presenters.notebook_data(
        cases=cases,
        tried=attempts_of(cases),
        instruments=instruments_of(cases),
        cards={woman.study_code: card_data(woman, given[pk]) for pk, woman in women.items()},
        key=sealing_key_in_use(by=by, now=now),
        now=now,
    )


phone_notebook = NotebookAPI.as_view()
entry_sync = EntrySyncAPI.as_view()
