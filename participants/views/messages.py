"""Messages to a woman: written, listed, taken back, looked at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.messages import MessageForm, OutsideMessageForm
from participants.models import Participant
from participants.presenters.messages import Outlook, message_rows, outlook


def participant_messages(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    now = timezone.now()
    state = outlook(request.user, participant, now)
    form = None if state.refusal else _form(MessageForm, request, participant, state)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            message = services.queue_message(by=request.user, participant=participant, **form.words(), now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("It is on its way.") if message.not_before <= now else _("It waits for its moment.")
            )
            return redirect("participant_messages", study_code=study_code)
    rows = message_rows(queries.messages_of(request.user, participant))
    context = {"participant": participant, "form": form, "outlook": state, "rows": rows}
    return render(request, "participants/participant_messages.html", context)


def message_outside(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    now = timezone.now()
    state = outlook(request.user, participant, now)
    if not state.may_go_outside:
        return redirect("participant_messages", study_code=study_code)
    form = _form(OutsideMessageForm, request, participant, state)
    if request.method == "POST" and form.is_valid():
        try:
            services.queue_message_outside(by=request.user, participant=participant, **form.words(), now=now)
        except StudyError as error:
            form.add_error("sentence" if isinstance(error, services.OverrideReasonTooShort) else None, str(error))
        else:
            messages.success(request, _("It is on its way; the safety officer has been told."))
            return redirect("participant_messages", study_code=study_code)
    return render(request, "participants/message_outside.html", {"participant": participant, "form": form})


@require_POST
def message_cancel(request: SignedInRequest, study_code: str, message_id: int) -> HttpResponse:
    message = get_object_or_404(queries.messages_of(request.user, _in_scope(request, study_code)), pk=message_id)
    try:
        services.cancel_message(by=request.user, message=message, now=timezone.now())
        messages.success(request, _("Taken back: it will not be sent."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("participant_messages", study_code=study_code)


@require_POST
def message_look(request: SignedInRequest, study_code: str, message_id: int) -> HttpResponse:
    message = get_object_or_404(queries.messages_of(request.user, _in_scope(request, study_code)), pk=message_id)
    try:
        services.look_at_message(by=request.user, message=message, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("participant_messages", study_code=study_code)


def _form(kind: type[MessageForm], request: SignedInRequest, participant: Participant, state: Outlook) -> MessageForm:
    return kind(
        request.POST or None,
        purpose=state.purpose,
        language=participant.safe_contact.language,
        ways=state.ways,
        goes_now=state.goes_now,
    )


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    return get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
