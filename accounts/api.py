"""How the API says no: one mapping from the study's errors to HTTP."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from accounts.errors import StudyError
from accounts.models import User


class StudyJSONParser(JSONParser):
    """JSON, in which brackets within brackets without end are a wrong body like any other."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a StudyError with its status, `code`, `detail` and `field`; leave the rest to the framework."""
    if isinstance(error, StudyError):
        return Response(refusal(error), status=error.http_status)
    return rest_exception_handler(error, context)


def refusal(error: StudyError) -> dict[str, str]:
    """Return why not, for machines and for people."""
    said = {"code": error.code, "detail": str(error)}
    return {**said, "field": error.field} if error.field else said


def person(request: Request) -> User:
    """Return who calls; the access table lets nobody through who did not sign in."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
