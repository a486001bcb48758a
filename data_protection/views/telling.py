"""Whom to tell of an incident, and that she was told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from data_protection import queries, services
from data_protection.forms.incidents import TellForm
from data_protection.models import IncidentWoman
from data_protection.presenters import incidents as presenters

ROWS_A_PAGE = 50
LANGUAGES = ("es", "en")


def telling_list(request: SignedInRequest) -> HttpResponse:
    entries = queries.women_to_tell(request.user, timezone.now()).filter(told_at=None, not_told_reason="")
    page = Paginator(entries, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "data_protection/telling_list.html", {"page": page})


def telling_detail(request: SignedInRequest, entry_id: int) -> HttpResponse:
    entry = get_object_or_404(queries.women_to_tell(request.user, timezone.now()), pk=entry_id)
    form = TellForm(request.POST or None, channel=queries.channel_of(entry), takes_part=queries.takes_part(entry))
    if request.method == "POST" and form.is_valid() and _settle(request, entry, form):
        return redirect("telling_list")
    context = {
        "entry": entry,
        "form": form,
        "state": presenters.telling_state(entry),
        "words": [(language, presenters.words_for_her(language)) for language in LANGUAGES],
    }
    return render(request, "data_protection/telling_detail.html", context)


def _settle(request: SignedInRequest, entry: IncidentWoman, form: TellForm) -> bool:
    """Write what came of it; say whether that went well, or put what went wrong on the form."""
    answer, now = form.cleaned_data["answer"], timezone.now()
    try:
        if answer in IncidentWoman.Way.values:
            services.record_told(by=request.user, entry=entry, way=IncidentWoman.Way(answer), now=now)
        else:
            reason = IncidentWoman.NotTold(answer)
            services.record_not_told(by=request.user, entry=entry, reason=reason, now=now)
    except StudyError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
