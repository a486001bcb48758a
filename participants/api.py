"""Reports for programs: the same scope, the same service and the same refusals as the pages; no identity comes out."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from participants import queries, services
from participants.identity import Identity
from participants.intake import Fate
from participants.models import IncidentReport
from participants.report_entry import ReportEntry
from participants.report_states import ReportState

NEWEST = 200


class ReportStateSerializer(serializers.Serializer[Any]):
    """A report of the station by its code, and how it stands with it."""

    code = serializers.CharField()
    reported_on = serializers.DateField()
    state = serializers.ChoiceField(choices=ReportState.choices)


class ReportSerializer(serializers.Serializer[Any]):
    """A report as another system sends it; all but the day is sealed on arrival."""

    number = serializers.CharField(max_length=40)
    reported_on = serializers.DateField()
    name = serializers.CharField(max_length=160)
    document = serializers.CharField(max_length=20, allow_blank=True, default="")
    telephone = serializers.CharField(max_length=30, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, allow_blank=True, default="")
    aggressor_name = serializers.CharField(max_length=160, allow_blank=True, default="")
    aggressor_document = serializers.CharField(max_length=20, allow_blank=True, default="")

    def entry(self) -> ReportEntry:
        """Return what is to be kept."""
        sent = dict(self.validated_data)
        number, reported_on = sent.pop("number"), sent.pop("reported_on")
        return ReportEntry(number, reported_on, Identity(full_name=sent.pop("name"), **sent))


class ReceivedSerializer(serializers.Serializer[Any]):
    """The code under which it is kept, and whether it is new, hers who reported before, or was here already."""

    code = serializers.CharField()
    fate = serializers.ChoiceField(choices=[(fate.value, fate.value) for fate in Fate])


class ReportAPI(APIView):
    """Reports of the station where the caller serves."""

    @extend_schema(responses=ReportStateSerializer(many=True), operation_id="reports_newest")
    def get(self, request: Request) -> Response:
        reports = queries.reports_listed(person(request))[:NEWEST]
        return Response(ReportStateSerializer(reports, many=True).data)

    @extend_schema(
        operation_id="report_receive",
        request=ReportSerializer,
        responses={
            201: ReceivedSerializer,
            200: OpenApiResponse(ReceivedSerializer, description="The same report is already kept"),
            400: OpenApiResponse(description="A field is wrong; each is named"),
            409: OpenApiResponse(description="The number stands for another woman's report, or the station is not in"),
        },
    )
    def post(self, request: Request) -> Response:
        form = ReportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        received = services.receive_report(
            by=person(request), entry=form.entry(), source=IncidentReport.Source.API, now=timezone.now()
        )
        answer = ReceivedSerializer({"code": received.report.code, "fate": received.fate}).data
        is_new = received.fate != Fate.AGAIN
        return Response(answer, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


report_api = ReportAPI.as_view()
