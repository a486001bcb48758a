"""Is the way in which she is reached still right? Asked after each contact, and listed when it was not for too long."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.presenters.contacts import review_rows
from participants.presenters.messages import message_rows

ROWS_A_PAGE = 50


def contact_review_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(queries.contact_reviews_due(request.user, now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": review_rows(request.user, page.object_list, now),
        "unsure": message_rows(queries.messages_to_look_at(request.user)[:ROWS_A_PAGE]),
    }
    return render(request, "participants/contact_review_list.html", context)


@require_POST
def safe_contact_confirm(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    try:
        services.confirm_safe_contact(
            by=request.user,
            participant=participant,
            contact_id=contact_named(request.POST.get("contact", "")),
            now=timezone.now(),
        )
        said = _("Noted: her safe contact is still right.")
        messages.success(request, f"{study_code} · {said}")
    except StudyError as error:
        messages.error(request, str(error))
    return redirect(next_page(request) or "home")


def contact_named(text: str) -> UUID | None:
    """Return the visit or survey that a page names, None for none or nonsense."""
    try:
        return UUID(text)
    except ValueError:
        return None


def next_page(request: HttpRequest) -> str:
    """Return where a page asks to go on, if that is in the study; "" otherwise."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""
