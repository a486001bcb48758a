"""Who looked at a woman's record: the page, the paper for her, and the way to both by her code."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.looking import CodeForm
from participants.presenters.looking import look_rows, who_looked_paper

ROWS_A_PAGE = 50
ROWS_ON_PAPER = 400


def who_looked(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_watched(request.user), study_code=study_code)
    context: dict[str, object] = {"participant": participant}
    page = Paginator(queries.looks_at(participant), ROWS_A_PAGE).get_page(request.GET.get("page"))
    # Read before this look joins them: the page was counted without it.
    events = list(page.object_list)
    try:
        services.see_who_looked(by=request.user, participant=participant, page=page.number, now=timezone.now())
        context |= {"page": page, "rows": look_rows(events, reader=request.user)}
    except StudyError as error:
        context["refusal"] = str(error)
    return render(request, "participants/who_looked.html", context)


def who_looked_print(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_watched(request.user), study_code=study_code)
    events = list(queries.looks_at(participant)[: ROWS_ON_PAPER + 1])
    shown, now = events[:ROWS_ON_PAPER], timezone.now()
    try:
        services.print_who_looked(by=request.user, participant=participant, acts=len(shown), now=now)
    except StudyError as error:
        context = {"participant": participant, "refusal": str(error)}
        return render(request, "participants/who_looked.html", context, status=error.http_status)
    paper = who_looked_paper(participant, shown, made_at=now, is_whole=len(events) == len(shown))
    headers = {"Content-Disposition": 'attachment; filename="constancia.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def who_looked_find(request: SignedInRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.participants_watched(request.user).filter(study_code=form.cleaned_data["code"]).first()
        if found is not None:
            return redirect("who_looked", study_code=found.study_code)
        form.add_nobody()
    return render(request, "participants/who_looked_find.html", {"form": form})
