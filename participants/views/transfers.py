"""Women who go over to the care of another station: proposed, decided, and the ledger of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.transfers import DeclineTransferForm, ProposeTransferForm, ReceiverForm
from participants.models import Participant, Transfer
from participants.presenters.transfers import TransferRow, crossing_rows, transfer_rows

ROWS_A_PAGE = 50


def transfer_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.transfers_listed(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(request, list(page.object_list))
    return render(request, "participants/transfer_list.html", {"page": page, "rows": rows})


def transfer_propose(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant: Participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    today = timezone.localdate()
    form = ProposeTransferForm(
        request.POST or None,
        stations=queries.receiving_stations(participant),
        colleagues=queries.colleagues(request.user, today),
        initial={"asked_by": request.user, "agreed_on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, participant, form)
        except StudyError as error:
            form.add_error("agreed_on" if isinstance(error, services.AgreementDayWrong) else None, str(error))
        else:
            messages.success(request, _("Proposed: she stays in your care until the other station accepts."))
            return redirect("transfer_list")
    return render(request, "participants/transfer_propose.html", {"form": form, "participant": participant})


def transfer_decide(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    transfer = get_object_or_404(queries.transfers_listed(request.user), pk=transfer_id)
    form = DeclineTransferForm()
    (row,) = _rows(request, [transfer])
    return render(request, "participants/transfer_decide.html", {"form": form, "row": row})


@require_POST
def transfer_accept(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    transfer = get_object_or_404(queries.transfers_listed(request.user), pk=transfer_id)
    try:
        services.accept_transfer(by=request.user, transfer=transfer, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("transfer_list")
    messages.success(request, _("She is in your station's care now. Go through her safe contact with her."))
    return redirect("participant_history", study_code=transfer.participant.study_code)


@require_POST
def transfer_decline(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    transfer, form = (
        get_object_or_404(queries.transfers_listed(request.user), pk=transfer_id),
        DeclineTransferForm(request.POST),
    )
    if form.is_valid():
        reason = Transfer.Decline(form.cleaned_data["declined_for"])
        try:
            services.decline_transfer(by=request.user, transfer=transfer, reason=reason, now=timezone.now())
            messages.success(request, _("Declined: she stays with her station."))
            return redirect("transfer_list")
        except StudyError as error:
            form.add_error(None, str(error))
    (row,) = _rows(request, [transfer])
    return render(request, "participants/transfer_decide.html", {"form": form, "row": row})


@require_POST
def transfer_call_off(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    transfer = get_object_or_404(queries.transfers_listed(request.user), pk=transfer_id)
    try:
        services.call_off_transfer(by=request.user, transfer=transfer, now=timezone.now())
        messages.success(request, _("Called off: she stays in the care of her station."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("lost_station_list" if request.user.has(Permission.PLACE_PARTICIPANTS) else "transfer_list")


def lost_station_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.women_at_lost_stations(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    waiting = _rows(request, list(queries.transfers_listed(request.user)[:ROWS_A_PAGE]))
    context = {"page": page, "waiting": waiting}
    return render(request, "participants/lost_station_list.html", context)


def lost_station_transfer(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant: Participant = get_object_or_404(queries.women_at_lost_stations(), study_code=study_code)
    form = ReceiverForm(request.POST or None, stations=queries.receiving_stations(participant))
    if request.method == "POST" and form.is_valid():
        try:
            services.transfer_from_lost_station(
                by=request.user, participant=participant, to_station=form.station, now=timezone.now()
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("lost_station_list")
    return render(request, "participants/lost_station_transfer.html", {"form": form, "participant": participant})


def participant_crossings(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.crossings_of_women(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    arms = queries.arm_labels(language=get_language() or "es")
    rows = crossing_rows(page.object_list, queries.station_codes(), arms)
    may_place = request.user.has(Permission.PLACE_PARTICIPANTS)
    context = {"page": page, "rows": rows, "may_place": may_place}
    return render(request, "participants/participant_crossings.html", context)


def _propose(request: SignedInRequest, participant: Participant, form: ProposeTransferForm) -> None:
    services.propose_transfer(
        by=request.user,
        participant=participant,
        to_station=form.station,
        reason=Transfer.Reason(form.cleaned_data["reason"]),
        agreement=services.Agreement(form.cleaned_data["asked_by"], form.cleaned_data["agreed_on"]),
        now=timezone.now(),
    )


def _rows(request: SignedInRequest, transfers: list[Transfer]) -> list[TransferRow]:
    own = queries.serving_station(request.user, timezone.localdate())
    return transfer_rows(transfers, queries.station_codes(), own.pk if own else None)
