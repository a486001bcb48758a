"""The addresses that ODK Collect knows: the list of forms, a form, its media, and where answers go."""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from surveys import openrosa, services
from surveys.queries import case_asked_before, cases_waiting
from surveys.queries import openrosa as queries
from surveys.views.files import given_file
from surveys.xforms.form import MOST_BYTES, XFormInvalid

_XML = "text/xml; charset=utf-8"
View = Callable[..., HttpResponseBase]


def with_collect_key(view: View) -> View:
    """Let in whoever shows her name and her key by HTTP Basic; answer in her language."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        holder = queries.key_holder(*_basic(request), now=timezone.now())
        if holder is None:
            answer = _answer(openrosa.response(_("The name or the key is not right, or the key is over.")), status=401)
            answer["WWW-Authenticate"] = 'Basic realm="Agenda", charset="UTF-8"'
            return answer
        request.user = holder
        with override(holder.language):
            return view(request, *args, **kwargs)

    return guarded


@with_collect_key
@require_GET
def openrosa_form_list(request: SignedInRequest) -> HttpResponse:
    forms = [
        openrosa.ListedForm(
            form_id=form.form_id,
            name=form.name,
            version=form.version,
            xml=form.xml,
            download_url=request.build_absolute_uri(reverse("openrosa_form", args=[form.case_id])),
            manifest_url=request.build_absolute_uri(reverse("openrosa_manifest", args=[form.case_id])),
        )
        for form in queries.case_forms(request.user, timezone.localdate())
    ]
    return _answer(openrosa.form_list(forms))


@with_collect_key
@require_GET
def openrosa_form(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(cases_waiting(request.user, timezone.localdate()), pk=case_id)
    form = queries.case_form_of(case, request.user.language)
    return _answer(form.xml) if form else _answer(openrosa.response(_("This wave has no questionnaire yet.")), 404)


@with_collect_key
@require_GET
def openrosa_manifest(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(cases_waiting(request.user, timezone.localdate()), pk=case_id)
    files = [
        openrosa.MediaFile(
            file.name,
            file.md5,
            request.build_absolute_uri(reverse("openrosa_file", args=[case.pk, file.sha256])),
        )
        for file in queries.files_of_case(case)
    ]
    return _answer(openrosa.manifest(files))


@with_collect_key
@require_GET
def openrosa_file(request: SignedInRequest, case_id: UUID, sha256: str) -> HttpResponseBase:
    case = get_object_or_404(cases_waiting(request.user, timezone.localdate()), pk=case_id)
    file = queries.file_of_case(case, sha256)
    if file is None:
        raise Http404
    return given_file(request, file)


@with_collect_key
@require_http_methods(["HEAD", "POST"])
def openrosa_submission(request: SignedInRequest) -> HttpResponse:
    if request.method == "HEAD":
        return _answer(b"", 204)
    file = request.FILES.get("xml_submission_file")
    try:
        case_id, content = openrosa.case_of(file.read(MOST_BYTES + 1) if file else b"")
        case = queries.case_sent(request.user, case_id) or case_asked_before(request.user, case_id)
        if case is None:
            return _answer(openrosa.response(_("This case is not yours any more. Nothing was saved.")), 404)
        services.submit_survey(by=request.user, case=case, content=content, now=timezone.now())
    except XFormInvalid as error:
        return _answer(openrosa.response(services.not_a_survey(error)), 422)
    except (services.AnswersCameAfterLock, services.AnswersOvertaken) as held:
        # Kept, and not to be sent again: Collect takes this for a receipt.
        return _answer(openrosa.response(str(held)), 202)
    except StudyError as error:
        return _answer(openrosa.response(str(error)), error.http_status)
    return _answer(openrosa.response(_("The survey is saved.")), 201)


def collect_key(request: SignedInRequest) -> HttpResponse:
    token = services.make_collect_key(by=request.user, now=timezone.now()) if request.method == "POST" else ""
    context = {
        "token": token,
        "key": queries.live_key(request.user, timezone.now()),
        "address": request.build_absolute_uri(reverse("openrosa_form_list")).rpartition("/")[0],
    }
    return render(request, "surveys/collect_key.html", context)


@require_POST
def collect_key_revoke(request: SignedInRequest) -> HttpResponse:
    services.revoke_collect_key(by=request.user, now=timezone.now())
    return redirect("collect_key")


def _answer(content: bytes, status: int = 200) -> HttpResponse:
    answer = HttpResponse(content, content_type=_XML, status=status)
    for name, said in openrosa.HEADERS.items():
        answer[name] = said
    answer["Cache-Control"] = "no-store"
    return answer


def _basic(request: HttpRequest) -> tuple[str, str]:
    scheme, _space, said = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _colon, token = base64.b64decode(said, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, token
