"""Visits for programs: the same scope, the same service and the same refusals as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from visits import queries, services
from visits.log_fields import FIELDS, Kind, LogField
from visits.models import Visit, VisitLog


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
        filled = dict(form.validated_data)
        now = timezone.now()
        log = services.log_visit(
            by=person(request),
            visit=visit,
            log_id=filled.pop("id"),
            outcome=VisitLog.Outcome(filled.pop("outcome")),
            occurred_at=filled.pop("occurred_at"),
            note=filled.pop("note"),
            answers=services.VisitAnswers(**{**filled, "present": tuple(filled["present"])}),
            now=now,
        )
        is_new = log.received_at == now
        return Response(ReceiptSerializer(log).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


visit_api_list = VisitListAPI.as_view()
visit_api_log = VisitLogAPI.as_view()
