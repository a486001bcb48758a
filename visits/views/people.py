"""One woman on one page, for her station's supervisor: how she stands, and where everything about her is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.requests import SignedInRequest
from participants.models import Participant
from participants.queries import agreed_by, masked_names, participants_listed, pause_of
from participants.status import ENDED
from referrals.queries import referrals_of
from referrals.states import OPEN
from risk.presenters import ScaleWords
from risk.queries import current_risk, scale_in_force
from visits import presenters, queries


def participant_detail(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant: Participant = get_object_or_404(participants_listed(request.user), study_code=study_code)
    today = timezone.localdate()
    held, scale = current_risk(participant), scale_in_force(today)
    words = ScaleWords()
    context = {
        "participant": participant,
        "masked_name": masked_names([participant])[participant.pk],
        "has_left": participant.status in ENDED,
        "pause": pause_of(participant),
        "next_visit": queries.next_visit(participant, today),
        "agreed": presenters.agreement_rows(agreed_by(participant, today)),
        "open_referrals": referrals_of(request.user, participant).filter(status__in=OPEN).count(),
        "proposed": participant.transfers.open().exists(),
        "held": held,
        "level_label": words.level(scale, held.level) if held and scale else "",
    }
    return render(request, "visits/participant_detail.html", context)
