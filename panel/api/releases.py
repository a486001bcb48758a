"""A person's own releases for her programs: which there are, and each archive as it was frozen."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api import person
from panel import services
from panel.api.answers import (
    OUTSIDE,
    RANGES,
    UNCHANGED,
    FileRenderer,
    ResearchAPI,
    bytes_answer,
    json_answer,
    token_id,
)
from panel.models import Release
from panel.release_states import ReleaseState
from panel.shapes import Shape


class ZipRenderer(FileRenderer):
    media_type = "application/zip"
    format = "zip"


class ReleaseSerializer(serializers.Serializer[Any]):
    """A release: what was asked for, of which day, how it stands, and where it lies once it is ready."""

    number = serializers.IntegerField()
    purpose = serializers.CharField()
    state = serializers.ChoiceField(choices=ReleaseState.choices)
    as_of = serializers.DateField()
    kept_until = serializers.DateField()
    revision = serializers.IntegerField(help_text="One more each time that rows were taken out; 0 until it is frozen")
    datasets = serializers.ListField(child=serializers.CharField())
    forms = serializers.ListField(child=serializers.CharField())
    shape = serializers.ChoiceField(choices=Shape.choices)
    url = serializers.URLField(help_text="Its archive", allow_null=True)


class ReleaseListAPI(ResearchAPI):
    """The caller's own releases, the newest first. They are asked for, and decided about, on their pages."""

    @extend_schema(
        operation_id="releases",
        responses={200: ReleaseSerializer(many=True), 304: UNCHANGED},
        examples=[
            OpenApiExample(
                "A release",
                value={
                    "number": 7,
                    "purpose": "Tables of the main paper",
                    "state": "ready",
                    "as_of": "2026-11-28",
                    "kept_until": "2027-11-28",
                    "revision": 1,
                    "datasets": ["panel_wave"],
                    "forms": ["csv", "parquet"],
                    "shape": "long",
                    "url": "https://agenda.example.org/api/v1/releases/7/file/",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        found = Release.objects.visible_to(person(request)).filter(requested_by=person(request)).listed()
        said = [_said(request, release) for release in found]
        return json_answer(request, ReleaseSerializer(said, many=True).data)


class ReleaseFileAPI(ResearchAPI):
    """A release's archive, for whoever asked for it.

    It takes `Range`, so that a long download goes on where it stopped; `If-Range` with the ETag makes sure that no rows
    were taken out meanwhile. Each part is on record, as the whole is.
    """

    renderer_classes = (ZipRenderer,)

    @extend_schema(
        operation_id="release_file",
        parameters=[
            OpenApiParameter("release_id", {"type": "integer", "minimum": 1, "maximum": 2**31}, OpenApiParameter.PATH),
            *RANGES,
        ],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (206, "application/zip"): OpenApiTypes.BINARY,
            304: UNCHANGED,
            416: OUTSIDE,
            409: OpenApiResponse(description="It is not ready, over, or being made again without somebody's data"),
        },
    )
    def get(self, request: Request, release_id: int) -> HttpResponseBase:
        by = person(request)
        release = Release.objects.visible_to(by).filter(requested_by=by, pk=release_id).first()
        if release is None:
            raise Http404
        opened = services.open_release(by=by, release=release, now=timezone.now(), token_id=token_id(request))
        return bytes_answer(
            request,
            opened.part,
            size=opened.size_bytes,
            sha256=opened.sha256,
            media_type=ZipRenderer.media_type,
            name=opened.name,
        )


def _said(request: Request, release: Release) -> dict[str, Any]:
    is_ready = release.state == ReleaseState.READY
    return {
        "number": release.pk,
        "purpose": release.purpose,
        "state": release.state,
        "as_of": release.as_of,
        "kept_until": release.kept_until,
        "revision": release.revision,
        "datasets": release.datasets,
        "forms": release.forms,
        "shape": release.shape,
        "url": reverse("release_api_file", args=[release.pk], request=request) if is_ready else None,
    }


release_api_list = ReleaseListAPI.as_view()
release_api_file = ReleaseFileAPI.as_view()
