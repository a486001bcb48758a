"""How the API reads a body. By itself: the framework loads it while it loads its own views."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StudyJSONParser(JSONParser):
    """JSON, in which brackets within brackets without end are a wrong body like any other."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
