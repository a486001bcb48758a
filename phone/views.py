"""The application on an officer's phone: its page without data, its worker, its manifest."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from phone.presenters.shell import manifest, worker_source

SHELL = "phone/shell.html"


def phone_shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string(SHELL), headers={"Cache-Control": "no-cache"})


def phone_worker(request: HttpRequest) -> HttpResponse:
    source = worker_source(reverse("phone_shell"), render_to_string(SHELL).encode())
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers=headers)


def phone_manifest(request: HttpRequest) -> HttpResponse:
    said = manifest(reverse("phone_shell"))
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})
