"""A few questions asked again: the second interviewer's list and pages, and the coordinator's rates."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from back_checks import presenters, queries, services
from back_checks.forms import AnswersForm, ReasonForm, TryForm
from back_checks.models import BackCheck
from participants.presenters.contacts import plan_state
from protocol.queries import current_protocol
from surveys.queries import instruments_by_wave

ROWS_PER_PAGE = 30
_FIELD_OF = {
    services.MomentInvalid.code: "at",
    services.OutsideSafeTimes.code: "at",
    services.TryWrittenAlready.code: "at",
    "channel_not_hers": "channel",
}


def back_check_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(queries.back_checks_to_ask(request.user, today), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    checks = list(page.object_list)
    context = {
        "page": page,
        "rows": presenters.ask_rows(checks, queries.tries_made(checks)),
        "to_explain": queries.back_checks_to_explain(request.user, today),
    }
    return render(request, "back_checks/back_check_list.html", context)


def back_check_ask(request: SignedInRequest, back_check_id: UUID) -> HttpResponse:
    check, now = _in_reach(request, back_check_id), timezone.now()
    if check is None:
        return _over(request, back_check_id)
    plan = check.participant.safe_contact
    form = AnswersForm(request.POST or None, channel=plan.channel, questions=queries.questions_of(check))
    if request.method == "POST" and form.is_valid():
        at, channel = form.cleaned_data["at"], form.cleaned_data["channel"]
        try:
            services.answer_back_check(
                by=request.user, back_check=check, answers=form.answers(), at=at, channel=channel, now=now
            )
        except StudyError as error:
            form.add_error(_FIELD_OF.get(error.code), str(error))
        else:
            messages.success(request, _("Saved. Thank you."))
            return redirect("back_check_list")
    state = plan_state(request.user, check.participant, now)
    context: dict[str, object] = {"check": check, "form": form, "state": state}
    try:
        context["identity"] = services.open_back_check_card(by=request.user, back_check=check, now=now)
    except StudyError as error:
        context["refusal"] = str(error)
    return render(request, "back_checks/back_check_ask.html", context, status=_status(form))


def back_check_try(request: SignedInRequest, back_check_id: UUID) -> HttpResponse:
    check = _in_reach(request, back_check_id)
    if check is None:
        return _over(request, back_check_id)
    form = TryForm(request.POST or None, channel=check.participant.safe_contact.channel)
    if request.method == "POST" and form.is_valid():
        try:
            services.log_back_check_try(by=request.user, back_check=check, now=timezone.now(), **form.cleaned_data)
        except StudyError as error:
            form.add_error(_FIELD_OF.get(error.code), str(error))
        else:
            messages.success(request, _("The attempt is written down."))
            return redirect("back_check_list")
    context = {"check": check, "form": form, "plan": check.participant.safe_contact}
    return render(request, "back_checks/back_check_try.html", context, status=_status(form))


def back_check_missed(request: SignedInRequest, back_check_id: UUID) -> HttpResponse:
    own = BackCheck.objects.visible_to(request.user).select_related("participant")
    check, form = get_object_or_404(own, pk=back_check_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.explain_missed_back_check(
                by=request.user, back_check=check, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("back_check_list")
    return render(request, "back_checks/back_check_missed.html", {"check": check, "form": form}, status=_status(form))


def back_check_rates(request: SignedInRequest) -> HttpResponse:
    rules, progress = current_protocol().watching.back_checks, queries.progress()
    by_question = queries.compared_by_question()
    labels = presenters.question_labels((one.content for one in instruments_by_wave().values()), rules)
    context = {
        "progress": progress,
        "finding": presenters.finding(progress, by_question),
        "by_question": presenters.rate_rows(by_question, rules, labels),
        "by_first": presenters.rate_rows(queries.compared_by_first(), rules, {}),
        "missed": presenters.reasons_in_words(queries.reasons_missed()),
    }
    return render(request, "back_checks/back_check_rates.html", context)


def _in_reach(request: SignedInRequest, back_check_id: UUID) -> BackCheck | None:
    """Return one of hers that is open; None where it is not any more."""
    found = queries.back_checks_to_ask(request.user, timezone.localdate())
    return queries.with_questionnaire(found).filter(pk=back_check_id).first()


def _over(request: SignedInRequest, back_check_id: UUID) -> HttpResponse:
    """Lead back to the list: a second tap finds it done, or she left meanwhile. Of others nothing is said."""
    own = get_object_or_404(BackCheck.objects.visible_to(request.user), pk=back_check_id)
    is_done = own.status == BackCheck.Status.DONE
    messages.info(request, _("Saved. Thank you.") if is_done else str(services.BackCheckOver.message))
    return redirect("back_check_list")


def _status(form: AnswersForm | TryForm | ReasonForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
