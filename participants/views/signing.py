"""What a woman agreed to, the copies of what she signed, and signing again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.signing import ConsentForm
from participants.models import Participant
from participants.presenters.signing import agreements, renewal_rows, signature_rows

ROWS_A_PAGE = 50


def renewal_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.women_to_sign_again(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = renewal_rows(page.object_list, queries.masked_names(page.object_list), today=timezone.localdate())
    return render(request, "participants/renewal_list.html", {"page": page, "rows": rows})


def consent_list(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    context = {
        "participant": participant,
        "agreements": agreements(queries.agreed_by(participant, timezone.localdate())),
        "signatures": signature_rows(queries.signatures_of(participant)),
        "may_renew": participant.consents.to_renew().exists(),
    }
    return render(request, "participants/consent_list.html", context)


def consent_renew(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant, now = _in_scope(request, study_code), timezone.now()
    try:
        text = services.require_consent_text(now)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("consent_list", study_code=study_code)
    form = ConsentForm(request.POST or None, request.FILES or None, text=text, language=get_language() or "es")
    if request.method == "POST" and form.is_valid():
        try:
            services.renew_consent(by=request.user, participant=participant, consent=form.consent(), now=now)
        except StudyError as error:
            form.add_error(None, str(error))
            form.show_words(text.version)
        else:
            messages.success(request, _("Signed. What she no longer agrees to has ended."))
            return redirect("consent_list", study_code=study_code)
    return render(request, "participants/consent_renew.html", {"form": form, "participant": participant})


def signed_copy(request: SignedInRequest, study_code: str, signature_id: int) -> HttpResponse:
    participant = _in_scope(request, study_code)
    signature = get_object_or_404(participant.signatures, pk=signature_id)
    try:
        content = services.open_signed_copy(by=request.user, signature=signature, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("home")
    headers = {"Content-Disposition": f'attachment; filename="copia-{signature.pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    participant: Participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    return participant
