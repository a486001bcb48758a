"""What the application on a phone asks of the server, an officer's or an interviewer's, beside the sync of logs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import is_known, person
from accounts.middleware import REVOKED
from accounts.models import User
from accounts.permissions import Permission
from participants.receipts import in_sent_order
from participants.replanning import request_replan
from phone import queries, services
from phone.forms import read_entries, read_sheets
from phone.presenters import days as presenters
from phone.presenters.notebook import notebook_data
from phone.user_refs import user_refs
from risk.queries import scale_in_force, women_to_replan
from risk.services import sync_sheets
from risk.sheet_content import LONGEST_BATCH as MOST_SHEETS
from risk.sheet_content import SentSheet
from surveys.entry_content import LONGEST_BATCH as MOST_ENTRIES
from surveys.entry_content import SentEntry
from surveys.queries.attempts import attempts_of
from surveys.queries.notebook import cases_of_week, instruments_of
from surveys.services import sync_entries
from visits.api import SyncResultSerializer, skew_seconds
from visits.queries import plan_made_at
from visits.services import renew_server_part, sealing_key_in_use
from visits.sync_batch import LONGEST_BATCH
from visits.weeks import monday_of


class SessionSerializer(serializers.Serializer[Any]):
    """Who is signed in on this phone, and what an unsafe call must carry as X-CSRFToken."""

    signed_in = serializers.BooleanField()
    revoked = serializers.BooleanField(help_text="Whether the session was ended from afar: wipe all but parcels")
    may_ask = serializers.BooleanField(help_text="Whether the account's role asks surveys")
    may_log = serializers.BooleanField(help_text="Whether the account's role logs visits")
    user_ref = serializers.CharField(help_text="By what the phone keeps this account's store; empty for nobody")
    display_name = serializers.CharField()
    language = serializers.CharField()
    csrf_token = serializers.CharField()
    now = serializers.DateTimeField()


class DeviceQuerySerializer(serializers.Serializer[Any]):
    """The phone that asks."""

    device = serializers.UUIDField()


class ParcelsSerializer(serializers.Serializer[Any]):
    """Parcels as `sealToServer` made them, and the phone that asks."""

    device = serializers.UUIDField()
    parcels = serializers.ListField(child=serializers.DictField(), max_length=LONGEST_BATCH, allow_empty=False)


class OpenedParcelSerializer(serializers.Serializer[Any]):
    """What a parcel held."""

    context = serializers.CharField()  # type: ignore[assignment]
    value = serializers.JSONField(allow_null=True)


class OpenedParcelsSerializer(serializers.Serializer[Any]):
    """The server's clock, what opened in the order sent, and how many parcels stay closed: another's, or altered."""

    now = serializers.DateTimeField()
    contents = OpenedParcelSerializer(many=True)
    closed = serializers.IntegerField()


class WipeNoticeSerializer(serializers.Serializer[Any]):
    """The phone whose cards were wiped because the PIN was wrong too often."""

    device = serializers.UUIDField()


class WipeAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock: the phone fetches the new part of its key next."""

    now = serializers.DateTimeField()


class SheetBatchSerializer(serializers.Serializer[Any]):
    """Sheets that a phone kept while it had no signal, in the order in which they were filled in."""

    sent_at = serializers.DateTimeField(default=None, allow_null=True, help_text="The phone's clock as it sends")
    sheets = serializers.ListField(child=serializers.DictField(), max_length=MOST_SHEETS, allow_empty=False)


class SheetAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock, and one result for each sheet in the order sent; as of the sync of logs."""

    now = serializers.DateTimeField()
    results = SyncResultSerializer(many=True)


class EntryBatchSerializer(serializers.Serializer[Any]):
    """Surveys, attempts and debriefings that a phone kept while it had no signal, in the order made."""

    sent_at = serializers.DateTimeField(default=None, allow_null=True, help_text="The phone's clock as it sends")
    entries = serializers.ListField(child=serializers.DictField(), max_length=MOST_ENTRIES, allow_empty=False)


class EntryAnswerSerializer(serializers.Serializer[Any]):
    """The server's clock, and one result for each entry in the order sent; as of the sync of logs."""

    now = serializers.DateTimeField()
    results = SyncResultSerializer(many=True)


class PlainJSONRenderer(JSONRenderer):
    """JSON of plain signs only: half a character that she typed goes back to her as it came."""

    ensure_ascii = True


class PhoneSessionAPI(APIView):
    """Say who is signed in, without a word about nobody."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="phone_session", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        user = request.user if isinstance(request.user, User) else None
        said = {
            "signed_in": user is not None,
            "revoked": bool(request.META.get(REVOKED)),
            "may_ask": user is not None and user.has(Permission.COLLECT_SURVEYS),
            "may_log": user is not None and user.has(Permission.LOG_VISITS),
            "user_ref": user_refs(user.pk, [settings.SECRET_KEY])[0] if user else "",
            "display_name": user.display_name if user else "",
            "language": get_language(),
            # Nobody sends without a session; a token given meanwhile would undo that of the page that signs in.
            "csrf_token": get_token(request._request) if user else "",  # noqa: SLF001 (the framework's own request)
            "now": timezone.now(),
        }
        return Response(SessionSerializer(said).data, headers={"Cache-Control": "no-store"})


class PhoneDaysAPI(APIView):
    """Give a phone its officer's days with the cards that she may open; 304 if all is as it was."""

    @extend_schema(
        operation_id="phone_days",
        parameters=[OpenApiParameter("device", UUID, required=True)],
        responses={200: OpenApiTypes.OBJECT, 304: OpenApiResponse(description="All is as it was")},
    )
    def get(self, request: Request) -> Response:
        asked = DeviceQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        days = _days(person(request), asked.validated_data["device"], timezone.now())
        return _unless_known(request, days)


class ParcelsOpenAPI(APIView):
    """Give back to a person what she sealed on a phone of hers, when her store was wiped."""

    renderer_classes = (PlainJSONRenderer,)

    @extend_schema(operation_id="phone_parcels_open", request=ParcelsSerializer, responses=OpenedParcelsSerializer)
    def post(self, request: Request) -> Response:
        sent, now = ParcelsSerializer(data=request.data), timezone.now()
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        opened = services.open_own_parcels(
            by=person(request), device_id=said["device"], sealed=said["parcels"], now=now
        )
        answer = {"now": now, "contents": opened, "closed": len(said["parcels"]) - len(opened)}
        return Response(OpenedParcelsSerializer(answer).data)


class WipeNoticeAPI(APIView):
    """Hear that wrong PINs wiped a phone's cards, and make another part of its key."""

    @extend_schema(operation_id="phone_wipe_notice", request=WipeNoticeSerializer, responses=WipeAnswerSerializer)
    def post(self, request: Request) -> Response:
        said, now = WipeNoticeSerializer(data=request.data), timezone.now()
        said.is_valid(raise_exception=True)
        renew_server_part(by=person(request), device_id=said.validated_data["device"], now=now)
        return Response(WipeAnswerSerializer({"now": now}).data)


class SheetSyncAPI(APIView):
    """Keep sheets that were filled in without a signal, each exactly once, scored again here."""

    @extend_schema(operation_id="sheet_sync", request=SheetBatchSerializer, responses=SheetAnswerSerializer)
    def post(self, request: Request) -> Response:
        now, by = timezone.now(), person(request)
        batch = SheetBatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        read = read_sheets(batch.validated_data["sheets"])
        sent = [sheet for sheet in read if isinstance(sheet, SentSheet)]
        skew_s = skew_seconds(batch.validated_data["sent_at"], now)
        kept = sync_sheets(by=by, sent=sent, clock_skew_s=skew_s, now=now)
        for woman in women_to_replan({sheet.participant for sheet in sent}):
            request_replan(woman)
        results = in_sent_order(read, kept, sent=SentSheet)
        return Response(SheetAnswerSerializer({"now": now, "results": results}).data)


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
        return _unless_known(request, notebook)


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
        results = in_sent_order(read, sync_entries(by=by, sent=sent, clock_skew_s=skew_s, now=now), sent=SentEntry)
        return Response(EntryAnswerSerializer({"now": now, "results": results}).data)


def _unless_known(request: Request, given: dict[str, Any]) -> Response:
    """Answer with what is given, or that the phone has it already."""
    tag = presenters.entity_tag(given)
    if is_known(request, tag):
        return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    return Response(given, headers={"ETag": tag})


def _days(by: User, device_id: UUID, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    visits = list(queries.visits_of_days(by, today))
    women = {visit.participant_id: visit.participant for visit in visits}
    wanted = queries.women_to_hold(visits)
    given = services.give_cards(
        by=by, device_id=device_id, participants=[women[pk] for pk in women if pk in wanted], now=now
    )
    cards = {
        woman.study_code: presenters.card_data(woman, given.get(pk, queries.NOT_YOURS)) for pk, woman in women.items()
    }
    return presenters.days_data(
        visits=visits,
        cards=cards,
        scale=presenters.scale_data(scale_in_force(today), today),
        key=sealing_key_in_use(by=by, now=now),
        plan_made_at=plan_made_at(by, monday_of(today)),
        now=now,
    )


def _notebook(by: User, device_id: UUID, now: datetime) -> dict[str, Any]:
    cases = list(cases_of_week(by, timezone.localdate(now)))
    women = {case.participant_id: case.participant for case in cases}
    given = services.give_cards(by=by, device_id=device_id, participants=list(women.values()), now=now)
    # Only whoever is told of a woman is told what she answered.
    told = [case for case in cases if not isinstance(given[case.participant_id], str)]
    return notebook_data(
        cases=cases,
        earlier=services.give_answers(by=by, device_id=device_id, cases=told, now=now),
        tried=attempts_of(cases),
        instruments=instruments_of(cases),
        cards={woman.study_code: presenters.card_data(woman, given[pk]) for pk, woman in women.items()},
        key=sealing_key_in_use(by=by, now=now),
        now=now,
    )


phone_session = PhoneSessionAPI.as_view()
phone_days = PhoneDaysAPI.as_view()
phone_parcels = ParcelsOpenAPI.as_view()
sheet_sync = SheetSyncAPI.as_view()
phone_wipe = WipeNoticeAPI.as_view()
phone_notebook = NotebookAPI.as_view()
entry_sync = EntrySyncAPI.as_view()
