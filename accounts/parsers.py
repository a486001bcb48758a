"""How the API reads a body. By itself: the framework loads it while it loads its own views."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from accounts.errors import StudyError


class TooLarge(StudyError):
    """More at once than a page may send either: it is not read at all."""

    code = "too_large"
    message = _("This is too much at once: send it in smaller parts.")
    http_status = 413


class StudyJSONParser(JSONParser):
    """JSON no longer than what a page may send; brackets within brackets without end are a wrong body like any."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        said = str(request.META.get("CONTENT_LENGTH") or "") if request is not None else ""
        if said.isdecimal() and int(said) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
