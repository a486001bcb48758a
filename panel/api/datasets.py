"""The data sets for programs: what there is, what it means, and the rows by pages or whole."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api import person
from accounts.errors import StudyError
from panel import queries, services
from panel.api import schemas
from panel.api.answers import (
    OUTSIDE,
    RANGES,
    UNCHANGED,
    ResearchAPI,
    file_answer,
    file_renderer,
    json_answer,
    token_id,
)
from panel.api.paging import next_page, place_of, read_limit
from panel.columns import DataSet
from panel.formats import Form
from panel.row_pages import KEYS, read_filters
from panel.tables import find

ROWS_A_PAGE, MOST_ROWS_A_PAGE = 1_000, 10_000
_NAME = OpenApiParameter(
    "name",
    {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,64}$"},
    OpenApiParameter.PATH,
    description="The data set, as the list names it",
)


class WholeOnly(StudyError):
    """A file holds the whole data set."""

    code = "whole_only"
    message = _("A file holds the whole data set: filters, pages and limits are for JSON.")


class DatasetListAPI(ResearchAPI):
    """The data sets that the caller's role may read."""

    @extend_schema(
        operation_id="datasets",
        responses={200: schemas.ListedDatasetSerializer(many=True), 304: UNCHANGED},
        examples=[
            OpenApiExample(
                "A data set",
                value={
                    "name": "panel_wave",
                    "row": {"es": "Una persona en una ola.", "en": "A person at a wave."},
                    "columns": 36,
                    "url": "https://agenda.example.org/api/v1/datasets/panel_wave/",
                    "rows_url": "https://agenda.example.org/api/v1/datasets/panel_wave/rows/",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        reads_arm = queries.reads_arm(person(request))
        found = queries.datasets(reads_arm=reads_arm)
        said = [
            schemas.listed(dataset, len(dataset.written(reads_arm=reads_arm)), _url(request, dataset))
            for dataset in found
        ]
        return json_answer(request, said)


class DatasetDetailAPI(ResearchAPI):
    """One data set's codebook: its columns, labels, value labels and units."""

    @extend_schema(
        operation_id="dataset",
        parameters=[_NAME],
        responses={200: schemas.DatasetSerializer, 304: UNCHANGED},
        examples=[
            OpenApiExample(
                "A codebook",
                value={
                    "name": "panel_wave",
                    "row": {"es": "Una persona en una ola.", "en": "A person at a wave."},
                    "notes": [],
                    "key": ["woman", "wave"],
                    "columns": [
                        {
                            "name": "physical",
                            "type": "integer",
                            "about": {"es": "Algún hecho físico en el período", "en": "Any physical act in the period"},
                            "values": [
                                {"code": "0", "meaning": {"es": "No", "en": "No"}},
                                {"code": "1", "meaning": {"es": "Sí", "en": "Yes"}},
                            ],
                            "unit": "",
                            "why": "survey_why",
                            "source": "surveys.Submission.scores",
                            "disclosure": "study",
                        }
                    ],
                    "rows_url": "https://agenda.example.org/api/v1/datasets/panel_wave/rows/",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, name: str) -> Response:
        dataset = _dataset(request, name)
        columns = services.give_description(by=person(request), dataset=dataset, token_id=token_id(request))
        return json_answer(request, schemas.described(dataset, columns, KEYS[dataset.name], _url(request, dataset)))


class DatasetRowsAPI(ResearchAPI):
    """The rows of a data set: pages as JSON, or the whole as a file.

    JSON takes `column=value` (several times for any of them), `column__gte=` and `column__lte=` for the columns that
    the description names. A file takes `Range`, so that a long download goes on where it stopped; `If-Range` with the
    ETag makes sure that it is still the same.
    """

    renderer_classes = (JSONRenderer, *map(file_renderer, Form))

    @extend_schema(
        operation_id="dataset_rows",
        parameters=[
            _NAME,
            OpenApiParameter("limit", OpenApiTypes.INT, description="Rows a page, 1 to 10,000; 1,000 without it"),
            OpenApiParameter("cursor", str, description="Where the page begins, as `next` of the page before says"),
            OpenApiParameter(
                "filters",
                {"type": "object", "additionalProperties": {"type": "string"}},
                style="form",
                explode=True,
                description="`column=value`, `column__gte=value`, `column__lte=value`",
                examples=[OpenApiExample("Later waves of two stations", value={"wave__gte": "2", "station": "A"})],
            ),
            *RANGES,
        ],
        responses={
            (200, "application/json"): schemas.RowsSerializer,
            **{
                (status, form.media_type.partition(";")[0]): OpenApiTypes.STR
                if form == Form.CSV
                else OpenApiTypes.BINARY
                for status in (200, 206)
                for form in Form
            },
            304: UNCHANGED,
            416: OUTSIDE,
        },
        examples=[
            OpenApiExample(
                "A page",
                value={
                    "next": None,
                    "rows": [{"woman": "W5D0C0A3F2E1B4C67", "wave": 0, "station": "A", "age_band": 2, "physical": 1}],
                },
                response_only=True,
                media_type="application/json",
                status_codes=["200"],
            ),
            OpenApiExample(
                "A file",
                value="woman,wave,station,age_band,physical\nW5D0C0A3F2E1B4C67,0,A,2,1\n",
                response_only=True,
                media_type="text/csv",
                status_codes=["200"],
            ),
        ],
    )
    def get(self, request: Request, name: str) -> HttpResponseBase:
        dataset = _dataset(request, name)
        if request.accepted_renderer.format == JSONRenderer.format:
            return self._page(request, dataset)
        if request.query_params:
            raise WholeOnly
        return self._file(request, dataset, Form(request.accepted_renderer.format))

    def _file(self, request: Request, dataset: DataSet, form: Form) -> HttpResponseBase:
        by, name = person(request), f"{dataset.name}.{form.value}"
        with TemporaryDirectory() as folder:
            written = services.give_file(
                by=by,
                dataset=dataset,
                form=form,
                language=by.language,
                out=Path(folder) / name,
                token_id=token_id(request),
                now=timezone.now(),
            )
            # Open, it goes on after its name is gone; closed by the answer.
            file = written.path.open("rb")
        return file_answer(request, file, sha256=written.sha256, media_type=form.media_type, name=name)

    def _page(self, request: Request, dataset: DataSet) -> Response:
        asked = {part: request.query_params.getlist(part) for part in request.query_params}
        cursor, limit = (
            asked.pop("cursor", []),
            read_limit(asked.pop("limit", []), usual=ROWS_A_PAGE, most=MOST_ROWS_A_PAGE),
        )
        columns = dataset.written(reads_arm=queries.reads_arm(person(request)))
        page = services.give_rows(
            by=person(request),
            dataset=dataset,
            filters=read_filters(asked, columns),
            after=place_of(dataset.name, cursor[-1]) if cursor else None,
            limit=limit,
            token_id=token_id(request),
            now=timezone.now(),
        )
        return json_answer(request, {"next": next_page(request, dataset.name, page.after), "rows": page.rows})


def _dataset(request: Request, name: str) -> DataSet:
    dataset = find(queries.datasets(reads_arm=queries.reads_arm(person(request))), name)
    if dataset is None:
        raise Http404
    return dataset


def _url(request: Request, dataset: DataSet) -> str:
    return reverse("dataset_api_detail", args=[dataset.name], request=request)


dataset_api_list = DatasetListAPI.as_view()
dataset_api_detail = DatasetDetailAPI.as_view()
dataset_api_rows = DatasetRowsAPI.as_view()
