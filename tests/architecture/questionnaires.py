"""Questionnaires for the tests that look at every page."""

from collections.abc import Callable

from surveys.models import Instrument


def versions() -> list[object]:
    return list(Instrument.objects.values_list("pk", flat=True))


QUESTIONNAIRE_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "instrument_id": versions,
    "before_id": versions,
    "query_id": lambda: ["0198aaaa-0000-7000-8000-000000000002"],
    "wave": lambda: ["baseline"],
    "sha256": lambda: ["0" * 64],
}
QUESTIONNAIRES_WITHOUT_PAGE = {
    "query_explain",
    "collect_key_revoke",
    # Opens only once it was said that she is alone: tests/surveys/test_views.py.
    "survey_form",
    # Shown to a key of her own only: tests/surveys/test_openrosa.py.
    "openrosa_form_list",
    "openrosa_form",
    "openrosa_manifest",
    "openrosa_submission",
    # Pictures and lists: tests/surveys/test_instrument_files.py.
    "openrosa_file",
    "instrument_file",
}
