"""Queries about what was answered: explained by whoever took it, closed by an administrator."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from surveys import presenters, queries, services
from surveys.forms.instruments import ExplanationForm
from surveys.models import DataQuery

QUERIES_PER_PAGE = 30


def query_list(request: SignedInRequest) -> HttpResponse:
    status = request.GET.get("estado", "")
    page = Paginator(queries.data_queries(request.user, status), QUERIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": presenters.query_rows(page, get_language() or "es"),
        "status": status if status in DataQuery.Status.values else "",
        "statuses": DataQuery.Status.choices,
        "explanations": DataQuery.Explanation.choices,
        "may_settle": request.user.has(Permission.SETTLE_QUERIES),
    }
    return render(request, "surveys/query_list.html", context)


@require_POST
def query_explain(request: SignedInRequest, query_id: UUID) -> HttpResponse:
    query = get_object_or_404(DataQuery.objects.visible_to(request.user), pk=query_id)
    form = ExplanationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what is behind it."))
        return redirect("query_list")
    try:
        services.explain_query(
            by=request.user, query=query, explanation=form.cleaned_data["explanation"], now=timezone.now()
        )
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("query_list")


@require_POST
def query_close(request: SignedInRequest, query_id: UUID) -> HttpResponse:
    query = get_object_or_404(DataQuery.objects.visible_to(request.user), pk=query_id)
    try:
        services.close_query(by=request.user, query=query, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("query_list")
