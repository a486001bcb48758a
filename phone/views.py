"""The application on an officer's phone (its page without data, its worker, its manifest), and a station's phones."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import conditional_page

from accounts.requests import SignedInRequest
from phone import queries
from phone.presenters.boot import boot
from phone.presenters.phones import phone_rows, sheet_rows
from phone.presenters.shell import manifest, worker_source

SHELL = "phone/shell.html"
ROWS_A_PAGE = 50


@conditional_page
def phone_shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page(), headers={"Cache-Control": "no-cache"})


@conditional_page
def phone_worker(request: HttpRequest) -> HttpResponse:
    pages = []
    # In every language: the version must not hang on who asks.
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages.append(_page())
    others = {reverse("phone_manifest"): _manifest().content}
    source = worker_source(reverse("phone_shell"), "".join(pages).encode(), others)
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers=headers)


@conditional_page
def phone_manifest(request: HttpRequest) -> HttpResponse:
    return _manifest()


def _manifest() -> HttpResponse:
    said = manifest(reverse("phone_shell"))
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _page() -> str:
    return render_to_string(SHELL, {"boot": boot()})


def phone_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    sheets = Paginator(queries.sheets_to_look_at(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": phone_rows(queries.phones_of_station(request.user, now), now),
        "sheets": sheet_rows(sheets.object_list),
        "page": sheets,
    }
    return render(request, "phone/phone_list.html", context)
