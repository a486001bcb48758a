"""Bringing files in by pieces, and giving them out."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from interviews import queries, services
from interviews.chunks import CHUNK_BYTES
from interviews.models import InterviewFile
from interviews.uploading import read_offer

View = Callable[..., HttpResponseBase]


def refused_as_json(view: View) -> View:
    """Answer a refusal as the API does: its code and its words."""

    @wraps(view)
    def answering(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except StudyError as error:
            return JsonResponse({"code": error.code, "detail": str(error)}, status=error.http_status)

    return answering


@require_POST
@refused_as_json
def upload_begin(request: SignedInRequest, interview_id: int) -> HttpResponse:
    interview = get_object_or_404(queries.interviews_listed(request.user), pk=interview_id)
    offer = read_offer(request.POST)
    if offer is None:
        return JsonResponse({"code": "offer_unclear", "detail": _("Choose a file that is not empty.")}, status=400)
    file = services.begin_upload(by=request.user, interview=interview, offer=offer, now=timezone.now())
    return _standing(file, status=201)


@require_GET
def upload_state(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    return _standing(get_object_or_404(queries.files_visible(request.user), pk=file_id))


@require_http_methods(["PUT"])
@refused_as_json
def upload_piece(request: SignedInRequest, file_id: UUID, position: int) -> HttpResponse:
    file = get_object_or_404(queries.files_visible(request.user), pk=file_id)
    received = services.receive_piece(
        by=request.user,
        file=file,
        position=position,
        content=request.body,
        sha256=request.headers.get("X-Content-SHA256", ""),
        now=timezone.now(),
    )
    return _standing(received)


@require_POST
@refused_as_json
def upload_finish(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    file = get_object_or_404(queries.files_visible(request.user), pk=file_id)
    return _standing(services.finish_upload(by=request.user, file=file, now=timezone.now()))


@require_GET
@refused_as_json
def file_download(request: SignedInRequest, file_id: UUID) -> HttpResponseBase:
    file = get_object_or_404(queries.files_visible(request.user), pk=file_id)
    wanted = request.headers.get("Range", "")
    found = services.open_file(by=request.user, file=file, wanted=wanted, now=timezone.now())
    response = StreamingHttpResponse(found.content, content_type=found.media_type)
    response.headers["Content-Length"] = str(found.last - found.first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = f'inline; filename="{found.name}"'
    # Sound is packed already, and a part of it must keep its length.
    response.headers["Content-Encoding"] = "identity"
    if found.is_part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {found.first}-{found.last}/{found.size_bytes}"
    return response


@require_POST
def file_remove(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    file = get_object_or_404(queries.files_visible(request.user), pk=file_id)
    try:
        services.remove_file(by=request.user, file=file, now=timezone.now())
        messages.success(request, _("Removed. It cannot be brought back."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("interview_detail", interview_id=file.interview_id)


def _standing(file: InterviewFile, *, status: int = 200) -> JsonResponse:
    said = {
        "id": str(file.pk),
        "received": file.received,
        "pieces": file.pieces,
        "piece_bytes": CHUNK_BYTES,
        "sha256": file.sha256,
    }
    return JsonResponse(said, status=status)
