"""The search box of a station's desk. What is typed goes by POST only: no address, log or history holds it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import services
from participants.forms.search import SearchForm
from participants.presenters.search import search_results
from participants.searching import SearchKind


def person_search(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        kind = SearchKind(form.cleaned_data["kind"])
        try:
            found = services.search_people(
                by=request.user, kind=kind, words=form.cleaned_data["words"], now=timezone.now()
            )
        except StudyError as error:
            form.add_error(error.field or None, str(error))
        else:
            context |= {"form": SearchForm(initial={"kind": kind}), **search_results(found)}
    return render(request, "participants/person_search.html", context)
