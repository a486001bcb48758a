"""The checkpoints of the audit: what it held each night, signed, to be kept elsewhere."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.requests import SignedInRequest
from audit.checkpoints import document, public_pem, signing_key
from audit.models import Checkpoint
from audit.queries import chain_head

CHECKPOINTS_A_PAGE = 60


def checkpoint_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(Checkpoint.objects.all(), CHECKPOINTS_A_PAGE).get_page(request.GET.get("page"))
    position, head = chain_head()
    context = {"page": page, "position": position, "head": head, "latest": Checkpoint.objects.first()}
    return render(request, "monitoring/checkpoint_list.html", context)


def checkpoint_file(request: SignedInRequest, checkpoint_id: int) -> JsonResponse:
    found = get_object_or_404(Checkpoint, pk=checkpoint_id)
    day = timezone.localtime(found.at).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="control-{day}.json"'}
    return JsonResponse(document(found.text, bytes(found.signature), found.key), headers=headers)


def checkpoint_key(request: SignedInRequest) -> HttpResponse:
    pem = public_pem(signing_key(settings.AUDIT_SIGNING_KEY).public_key())
    headers = {"Content-Disposition": 'attachment; filename="clave-publica.pem"'}
    return HttpResponse(pem, content_type="text/plain; charset=utf-8", headers=headers)
