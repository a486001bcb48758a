"""Logs of visits for programs that may know the arm: the newest first, by code."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import person
from panel import services
from panel.api.answers import UNCHANGED, ResearchAPI, json_answer, token_id
from panel.api.paging import next_page, place_of, read_limit
from visits.log_fields import Answer, Outcome, Reason

_LIST = "visit_logs"
LOGS_A_PAGE, MOST_LOGS_A_PAGE = 50, 1_000


class LogSerializer(serializers.Serializer[Any]):
    """A log of a visit: codes, days since she joined, what was chosen from lists."""

    log = serializers.CharField(help_text="The log's code")
    woman = serializers.CharField(help_text="Her code, as in the data sets")
    station = serializers.CharField(help_text="The station's letter, as in the data sets")
    day = serializers.IntegerField(help_text="Days from her enrolment to the visit")
    planned_day = serializers.IntegerField(help_text="Days from her enrolment to the day it was planned for")
    is_unplanned = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True)
    in_private = serializers.ChoiceField(choices=Answer.choices, allow_blank=True)
    new_incident = serializers.ChoiceField(choices=Answer.choices, allow_blank=True)
    minutes_until_received = serializers.IntegerField(help_text="From the visit until the server had the log")


class LogPageSerializer(serializers.Serializer[Any]):
    """A page of logs, and where the next one is; null after the last."""

    next = serializers.URLField(allow_null=True)
    rows = LogSerializer(many=True)


class LogListAPI(ResearchAPI):
    """The logs of visits, those that the server received last first.

    Only of women who let their visits be given out. How often somebody is visited tells the group: the list is for
    those who may know it.
    """

    @extend_schema(
        operation_id="visit_logs",
        parameters=[
            OpenApiParameter("limit", OpenApiTypes.INT, description="Logs a page, 1 to 1,000; 50 without it"),
            OpenApiParameter("cursor", str, description="Where the page begins, as `next` of the page before says"),
        ],
        responses={200: LogPageSerializer, 304: UNCHANGED},
        examples=[
            OpenApiExample(
                "A page",
                value={
                    "next": None,
                    "rows": [
                        {
                            "log": "L0A4B7C1D2E3F4051",
                            "woman": "W5D0C0A3F2E1B4C67",
                            "station": "A",
                            "day": 37,
                            "planned_day": 37,
                            "is_unplanned": False,
                            "outcome": "met",
                            "reason": "",
                            "in_private": "yes",
                            "new_incident": "no",
                            "minutes_until_received": 12,
                        }
                    ],
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        said = request.query_params
        cursor = said.getlist("cursor")
        page = services.give_logs(
            by=person(request),
            after=place_of(_LIST, cursor[-1]) if cursor else None,
            limit=read_limit(said.getlist("limit"), usual=LOGS_A_PAGE, most=MOST_LOGS_A_PAGE),
            token_id=token_id(request),
            now=timezone.now(),
        )
        return json_answer(request, {"next": next_page(request, _LIST, page.after), "rows": page.rows})


log_api_list = LogListAPI.as_view()
