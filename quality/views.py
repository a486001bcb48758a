"""Queries about data: looked through, answered by whom they ask, settled by the coordination."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from quality import presenters, services
from quality.forms import AcceptForm, AnswerForm, MeasureForm, QueryFilterForm
from quality.models import QualityQuery
from quality.presenters.rates import people_shown
from quality.queries.lists import queries_chosen, thread_of
from quality.queries.rates import everybodys, person_counts, rates_counted_at
from quality.states import State, may_become
from stations.queries import study_codes

QUERIES_PER_PAGE = 50


def quality_list(request: SignedInRequest) -> HttpResponse:
    codes = study_codes()
    may_settle = request.user.has(Permission.SETTLE_QUERIES)
    form = QueryFilterForm(request.GET, stations=codes if may_settle else {})
    queries = queries_chosen(request.user, form.chosen)
    page = Paginator(queries, QUERIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": presenters.query_rows(page.object_list, codes, timezone.localdate()),
        "chosen": form,
        "may_settle": may_settle,
    }
    return render(request, "quality/quality_list.html", context)


def quality_detail(request: SignedInRequest, quality_id: UUID) -> HttpResponse:
    return _page(request, _in_scope(request, quality_id))


@require_POST
def quality_answer(request: SignedInRequest, quality_id: UUID) -> HttpResponse:
    query = _in_scope(request, quality_id)
    form = AnswerForm(request.POST, query=query)
    if form.is_valid():
        try:
            services.answer_query(by=request.user, query=query, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Answered."))
            return redirect("quality_detail", quality_id=query.pk)
    return _page(request, query, answer=form)


@require_POST
def quality_accept(request: SignedInRequest, quality_id: UUID) -> HttpResponse:
    query = _in_scope(request, quality_id)
    form = AcceptForm(request.POST, query=query)
    if form.is_valid():
        try:
            services.accept_as_is(by=request.user, query=query, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Accepted as it is."))
            return redirect("quality_detail", quality_id=query.pk)
    return _page(request, query, accept=form)


@require_POST
def quality_return(request: SignedInRequest, quality_id: UUID) -> HttpResponse:
    query = _in_scope(request, quality_id)
    try:
        services.ask_again(by=request.user, query=query, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked again."))
    return redirect("quality_detail", quality_id=query.pk)


def person_rates(request: SignedInRequest) -> HttpResponse:
    form = MeasureForm(request.GET, may_read_all=request.user.has(Permission.SETTLE_QUERIES))
    measure, since = form.chosen, form.since(timezone.localdate())
    people = person_counts(request.user, measure, since=since)
    shown = people_shown(people, *everybodys(measure, since=since), measure=measure)
    context = {
        "chosen": form,
        "shown": shown,
        "names_people": request.user.has(Permission.SETTLE_QUERIES),
        "counted_at": rates_counted_at(),
    }
    return render(request, "quality/person_rates.html", context)


def _in_scope(request: SignedInRequest, quality_id: UUID) -> QualityQuery:
    visible = QualityQuery.objects.visible_to(request.user).select_related("participant", "person")
    return get_object_or_404(visible, pk=quality_id)


def _page(
    request: SignedInRequest, query: QualityQuery, *, answer: AnswerForm | None = None, accept: AcceptForm | None = None
) -> HttpResponse:
    """Show a query with what this person may do about it; a form that was refused keeps what was chosen."""
    may_settle, state = request.user.has(Permission.SETTLE_QUERIES), query.state
    may_accept = may_settle and state != State.CLOSED and may_become(state, State.ACCEPTED)
    may_answer = not may_settle and state == State.OPEN
    (row,) = presenters.query_rows([query], study_codes(), timezone.localdate())
    context = {
        "row": row,
        "to_do": presenters.to_do(query),
        "look": presenters.where_to_look(request.user, query),
        "steps": presenters.step_rows(thread_of(query)),
        "answer": answer or (AnswerForm(query=query) if may_answer else None),
        "accept": accept or (AcceptForm(query=query) if may_accept else None),
        "may_return": may_settle and state in {State.ANSWERED, State.ACCEPTED},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if answer or accept else HTTPStatus.OK
    return render(request, "quality/quality_detail.html", context, status=status)
