"""The codebook, and passages by code."""

import csv
from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from interviews import queries, services
from interviews.forms import CodebookFileForm, CodeForm, MergeForm
from interviews.presenters.texts import as_text_cell


def code_list(request: SignedInRequest) -> HttpResponse:
    codebook = queries.codebook()
    is_file = bool(request.FILES) or "import" in request.POST
    sent = request.method == "POST"
    form = CodeForm(request.POST if sent and not is_file else None, codebook=codebook)
    upload = CodebookFileForm(*((request.POST, request.FILES) if sent and is_file else ()))
    try:
        if upload.is_bound and upload.is_valid():
            count = services.import_codebook(by=request.user, content=upload.content(), now=timezone.now())
            messages.success(request, _("New codes: %(count)s.") % {"count": count})
            return redirect("code_list")
        if form.is_bound and form.is_valid():
            services.add_code(by=request.user, words=form.words(), now=timezone.now())
            return redirect("code_list")
    except StudyError as error:
        (upload if is_file else form).add_error(error.field or None, str(error))
    context = {"codebook": codebook, "form": form, "upload": upload, "sent": upload if is_file else form}
    return render(request, "interviews/code_list.html", context)


def code_detail(request: SignedInRequest, code_id: UUID) -> HttpResponse:
    code = get_object_or_404(queries.codes_listed(), pk=code_id)
    codebook = [(other, depth) for other, depth in queries.codebook() if other.pk != code.pk]
    into = [(other, depth) for other, depth in codebook if code.is_heading or not other.is_heading]
    is_merge = "into" in request.POST
    form = CodeForm(
        request.POST if request.POST and not is_merge else None, codebook=codebook, initial=model_to_dict(code)
    )
    merge = MergeForm(request.POST if is_merge else None, codebook=into)
    try:
        if merge.is_bound and merge.is_valid():
            services.merge_codes(by=request.user, code=code, into=merge.cleaned_data["into"], now=timezone.now())
            return redirect("code_list")
        if form.is_bound and form.is_valid():
            services.change_code(by=request.user, code=code, words=form.words(), now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("code_detail", code_id=code.pk)
    except StudyError as error:
        (merge if is_merge else form).add_error(error.field if not is_merge and error.field else None, str(error))
    context = {"code": code, "form": form, "merge": merge, "sent": merge if is_merge else form}
    return render(request, "interviews/code_detail.html", context | {"changes": queries.changes_of(code)})


def codebook_file(request: SignedInRequest) -> HttpResponse:
    try:
        content = services.export_codebook(by=request.user)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("code_list")
    response = HttpResponse(content, content_type="application/xml")
    response.headers["Content-Disposition"] = 'attachment; filename="categorias.qdc"'
    return response


def excerpt_list(request: SignedInRequest, code_id: UUID) -> HttpResponse:
    code = get_object_or_404(queries.codes_listed(), pk=code_id, merged_into=None)
    rows = services.open_excerpts(by=request.user, code=code, now=timezone.now())
    return render(request, "interviews/excerpt_list.html", {"code": code, "rows": rows})


def excerpt_file(request: SignedInRequest, code_id: UUID) -> HttpResponse:
    code = get_object_or_404(queries.codes_listed(), pk=code_id, merged_into=None)
    rows = services.open_excerpts(by=request.user, code=code, now=timezone.now())
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="pasajes.csv"'
    writer = csv.writer(response)
    writer.writerow(["interview", "paragraph", "coder", "code", "speaker", "text"])
    for row in rows:
        texts = (code.name, row.speaker, row.text)
        writer.writerow([row.interview.code, row.paragraph, row.coder, *(as_text_cell(text) for text in texts)])
    return response
