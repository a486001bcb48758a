"""The register of the data bank, on a page and on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import SignedInRequest
from data_protection import services
from data_protection.presenters.register import register_context, register_paper


def data_register(request: SignedInRequest) -> HttpResponse:
    return render(request, "data_protection/data_register.html", register_context())


def data_register_paper(request: SignedInRequest) -> HttpResponse:
    services.record_register(by=request.user)
    headers = {"Content-Disposition": 'attachment; filename="registro.pdf"'}
    return HttpResponse(register_paper(timezone.now()), content_type="application/pdf", headers=headers)
