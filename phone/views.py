"""The application on an officer's phone (its page without data, its worker, its manifest), and a station's phones."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_POST

from accounts.errors import StudyError
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from participants.receipts import REFUSED, SyncResult
from participants.replanning import request_replan
from phone import queries
from phone.forms import read_entries, read_sheets
from phone.presenters.boot import boot, notebook_boot
from phone.presenters.phones import phone_rows, sheet_rows
from phone.presenters.rescue import BroughtIn, brought_in, entries_brought_in
from phone.presenters.shell import NOTEBOOK, VISITS, Shell, manifest, worker_source
from phone.services import import_rescued_entries, import_rescued_sheets, open_rescued_entries
from risk.models import PhoneSheet
from risk.queries import women_to_replan
from risk.services import see_sheet
from risk.sheet_content import SentSheet
from surveys.entry_content import SentEntry
from surveys.views.web_form import with_web_form
from visits.forms import RescueForm
from visits.forms.sent_logs import read_logs
from visits.services import OpenedRecord, import_rescue, open_rescue
from visits.services.rescue import LOG, SHEET
from visits.sync_batch import SentLog

SHELL = "phone/shell.html"
Sent = TypeVar("Sent")
ROWS_A_PAGE = 50
SEEN_SHOWN = 20


@conditional_page
def phone_shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page(), headers={"Cache-Control": "no-cache"})


@conditional_page
def phone_worker(request: HttpRequest) -> HttpResponse:
    return _worker(VISITS, "phone", _page, scope="/")


@conditional_page
def phone_manifest(request: HttpRequest) -> HttpResponse:
    return _manifest("phone")


# Not conditional: a page that is not sent again would keep a nonce that the new answer's policy does not name.
@with_web_form
def notebook_shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_notebook(request.csp_nonce), headers={"Cache-Control": "no-cache"})  # type: ignore[attr-defined]


@conditional_page
def notebook_worker(request: HttpRequest) -> HttpResponse:
    return _worker(NOTEBOOK, "notebook", _notebook, scope=reverse("notebook_shell"))


@conditional_page
def notebook_manifest(request: HttpRequest) -> HttpResponse:
    return _manifest("notebook")


def _worker(shell: Shell, name: str, page: Callable[[], str], *, scope: str) -> HttpResponse:
    pages = []
    # In every language: the version must not hang on who asks.
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages.append(page())
    others = {reverse(f"{name}_manifest"): _manifest(name).content}
    source = worker_source(reverse(f"{name}_shell"), "".join(pages).encode(), others, shell)
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": scope}
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers=headers)


def _notebook(nonce: str = "") -> str:
    return render_to_string("phone/notebook.html", {"boot": notebook_boot(), "nonce": nonce})


def _manifest(name: str) -> HttpResponse:
    said = manifest(reverse(f"{name}_shell"))
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _page() -> str:
    return render_to_string(SHELL, {"boot": boot()})


def phone_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    sheets = Paginator(queries.sheets_to_look_at(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": phone_rows(queries.phones_watched(request.user, now), now),
        "watches_station": request.user.role == Role.SUPERVISOR,
        "sheets": sheet_rows(sheets.object_list),
        "page": sheets,
        "seen": sheet_rows(queries.sheets_seen(request.user)[:SEEN_SHOWN]),
    }
    return render(request, "phone/phone_list.html", context)


@require_POST
def sheet_seen(request: SignedInRequest, sheet_id: int) -> HttpResponse:
    sheet = get_object_or_404(PhoneSheet.objects.visible_to(request.user).exclude(marks=[]), pk=sheet_id)
    try:
        see_sheet(by=request.user, sheet=sheet, now=timezone.now())
    except StudyError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("Noted that you looked at it."))
    return redirect("phone_list")


def log_rescue(request: SignedInRequest) -> HttpResponse:
    form = RescueForm(request.POST or None, request.FILES or None)
    shown: list[BroughtIn] = []
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            opened = open_rescue(by=request.user, found=form.cleaned_data["file"], now=now)
        except StudyError as error:
            form.add_error("file", str(error))
        else:
            shown = brought_in(_bring_logs(request.user, opened, now), _bring_sheets(request.user, opened, now))
    return render(request, "phone/log_rescue.html", {"form": form, "shown": shown})


def entry_rescue(request: SignedInRequest) -> HttpResponse:
    form = RescueForm(request.POST or None, request.FILES or None)
    shown: list[BroughtIn] = []
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            opened = open_rescued_entries(by=request.user, found=form.cleaned_data["file"], now=now)
        except StudyError as error:
            form.add_error("file", str(error))
        else:
            good, refused = _readable(opened, read_entries, SentEntry)
            results = import_rescued_entries(by=request.user, sent=good, now=now) if good else []
            shown = entries_brought_in(_counted(results, refused))
    return render(request, "phone/entry_rescue.html", {"form": form, "shown": shown})


def _bring_logs(by: User, opened: list[OpenedRecord], now: datetime) -> Counter[int]:
    good, refused = _readable([one for one in opened if one.kind == LOG], read_logs, SentLog)
    return _counted(import_rescue(by=by, sent=good, now=now) if good else [], refused)


def _bring_sheets(by: User, opened: list[OpenedRecord], now: datetime) -> Counter[int]:
    good, refused = _readable([one for one in opened if one.kind == SHEET], read_sheets, SentSheet)
    counts = _counted(import_rescued_sheets(by=by, sent=good, now=now) if good else [], refused)
    for woman in women_to_replan({sheet.participant for _device, sheet in good}):
        request_replan(woman)
    return counts


def _readable(
    found: list[OpenedRecord], read: Callable[[list[dict[str, Any]]], Sequence[object]], kind: type[Sent]
) -> tuple[list[tuple[UUID, Sent]], int]:
    """Return what can be read, each with its phone, and how many cannot."""
    contents = zip(found, read([one.content for one in found]), strict=True)
    good = [(one.device_id, content) for one, content in contents if isinstance(content, kind)]
    return good, len(found) - len(good)


def _counted(results: Sequence[SyncResult], refused: int) -> Counter[int]:
    counts = Counter(result.status for result in results)
    counts[REFUSED] += refused
    return counts
