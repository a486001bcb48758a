"""What a woman ended, with its certificates."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import SignedInRequest
from participants import queries, services
from participants.presenters.withdrawals import withdrawal_certificate


def withdrawal_list(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_to_withdraw(request.user), study_code=study_code)
    withdrawals = participant.withdrawals.select_related("recorded_by").order_by("-withdrawn_at", "-pk")
    context = {"participant": participant, "withdrawals": withdrawals}
    return render(request, "participants/withdrawal_list.html", context)


def withdrawal_paper(request: SignedInRequest, study_code: str, withdrawal_id: int) -> HttpResponse:
    participant = get_object_or_404(queries.participants_to_withdraw(request.user), study_code=study_code)
    withdrawal = get_object_or_404(participant.withdrawals.select_related("participant"), pk=withdrawal_id)
    services.record_withdrawal_certificate(by=request.user, withdrawal=withdrawal)
    headers = {"Content-Disposition": f'attachment; filename="constancia-{withdrawal.pk}.pdf"'}
    return HttpResponse(withdrawal_certificate(withdrawal), content_type="application/pdf", headers=headers)
