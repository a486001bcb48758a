"""How the data's API answers: only what changed, in the form that was asked for, a long file by parts."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.authentication import SessionAuthentication
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import TokenAuthentication, is_known
from accounts.models import Token
from accounts.throttling import TokenThrottle
from interviews.ranges import RangeNotSatisfiable, byte_range
from panel.formats import Form

_PIECE_BYTES = 1 << 20
UNCHANGED = OpenApiResponse(description="The caller has just this: its If-None-Match names the ETag")
OUTSIDE = OpenApiResponse(description="The range lies outside of the file")
RANGES = (
    OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="For files: bytes=first-last"),
    OpenApiParameter("If-Range", str, OpenApiParameter.HEADER, description="For files: the ETag to go on with"),
)


class FileRenderer(BaseRenderer):
    """A form in which a data set is given whole: named here for what is asked, written by the view itself."""

    charset = None
    render_style = "binary"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return bytes(data)


def file_renderer(form: Form) -> type[FileRenderer]:
    """Return the renderer by which a form is asked for: `Accept` with its media type."""
    media_type = form.media_type.partition(";")[0]
    return type(f"{form.name}Renderer", (FileRenderer,), {"media_type": media_type, "format": form.value})


class FilePart:
    """The bytes of a file from the first to the last, in pieces; closes the file, though nobody reads it."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        self.file, self.first, self.last = file, first, last

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.first)
        left = self.last - self.first + 1
        while left > 0 and (piece := self.file.read(min(_PIECE_BYTES, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()


class ResearchAPI(APIView):
    """An address of the data's API: by a key or in a session, so many calls a minute for each key."""

    authentication_classes = (TokenAuthentication, SessionAuthentication)
    throttle_classes = (TokenThrottle,)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        # A refusal is JSON, whatever form was asked for.
        if getattr(response, "exception", False):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)


def token_id(request: Request) -> int | None:
    """Return the number of the key by which a program asks, for the audit; None in a session."""
    return request.auth.pk if isinstance(request.auth, Token) else None


def json_answer(request: Request, data: Any) -> Response:
    """Answer with JSON, or 304 to a program that has just this."""
    tag = entity_tag(hashlib.sha256(JSONRenderer().render(data)).hexdigest())
    if is_known(request, tag):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, headers={"ETag": tag})


def file_answer(request: Request, file: BinaryIO, *, sha256: str, media_type: str, name: str) -> HttpResponseBase:
    """Answer with a file as `bytes_answer`. The answer closes the file."""
    size = file.seek(0, 2)
    read = partial(FilePart, file)
    answer = bytes_answer(request, read, size=size, sha256=sha256, media_type=media_type, name=name)
    if not answer.streaming:
        file.close()
    return answer


def bytes_answer(
    request: Request,
    read: Callable[[int, int], Iterable[bytes]],
    *,
    size: int,
    sha256: str,
    media_type: str,
    name: str,
) -> HttpResponseBase:
    """Answer with the bytes that `read` gives from the first to the last, a part of them, 304, or 416."""
    tag = entity_tag(sha256)
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Vary": "Accept, Authorization, Cookie"}
    if is_known(request, tag):
        return HttpResponse(status=304, headers=headers)
    # A part of what has changed meanwhile would not fit: then the whole is given.
    may_be_part = request.headers.get("If-Range", tag) == tag
    try:
        part = byte_range(request.headers.get("Range", ""), size) if may_be_part else None
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    response = StreamingHttpResponse(read(first, last), status=206 if part else 200, headers=headers)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # Packed on the way, it would be another file with another length: a program that goes on needs this one.
    response.headers["Content-Encoding"] = "identity"
    if part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def entity_tag(digest: str) -> str:
    """Return the ETag of content by its digest."""
    return f'"{digest}"'
