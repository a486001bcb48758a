"""The way in and out, and each role's first page."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import queries, services
from accounts.actors import SystemActor
from accounts.errors import StudyError
from accounts.forms import ChangedPasswordForm, LanguageForm, OwnPasswordForm, SignInForm, TokenForm, WorkEmailForm
from accounts.models import AddressHold, Token, User
from accounts.requests import SignedInRequest, name_tried, network_seen
from accounts.roles import POLICE_ROLES, Role
from accounts.spraying import HOLD, knows, with_known
from accounts.tokens import scopes_open_to

ROWS_A_PAGE = 50
FIRST_PAGE = {
    Role.OFFICER: "visit_list",
    Role.SUPERVISOR: "today",
    Role.INTERVIEWER: "today",
    Role.RESEARCHER: "today",
    Role.STATISTICIAN: "today",
    Role.ADMINISTRATOR: "today",
    Role.SAFETY_OFFICER: "today",
    Role.ETHICS_BOARD: "board_page",
}


# Set by the application on a phone once its officer has chosen a PIN there: the browser is led to it from then on.
ON_PHONE_COOKIE = "telefono"


# Names nobody: by it a browser is known on which somebody signed in before, where an address is held up.
KNOWN_BROWSER_COOKIE = "equipo"
KNOWN_BROWSER_AGE = timedelta(days=180)
DOOR = SystemActor("door", frozenset())


class SignIn(LoginView):
    """Sign in by user name and password; django-axes counts failures by name, the study the names by address."""

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        # The application on a phone is open to anybody: it would ask her to sign in again and again.
        user = self.request.user
        if isinstance(user, User) and user.must_change_password:
            return reverse("password_change")
        return super().get_success_url()

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        tried, network = form.cleaned_data, network_seen(self.request)
        if not (network and tried.get("username") and tried.get("password")):
            return super().form_invalid(form)
        name = name_tried(self.request)
        hold = services.note_failed_name(by=DOOR, network=network, name=name, now=timezone.now())
        return super().form_invalid(form) if hold is None else self._held_up()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user, network = form.get_user(), network_seen(self.request)
        browser = self.request.COOKIES.get(KNOWN_BROWSER_COOKIE, "")
        hold = queries.hold_on(network, timezone.now())
        if hold is not None and not knows(browser, user.pk, user.session_epoch):
            services.hold_back(by=user, hold=hold)
            return self._held_up()
        response = super().form_valid(form)
        services.record_sign_in(by=user, now=timezone.now())
        services.forget_failed_name(network=network, name=user.username)
        self._know_browser(response, with_known(browser, user.pk, user.session_epoch))
        # What was chosen at the door, where nobody knew her yet, is her choice too.
        chosen = self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in User.Language.values and chosen != user.language:
            services.choose_language(by=user, language=chosen)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", httponly=True)
        return response

    def _held_up(self) -> HttpResponse:
        """Answer the same to right and wrong passwords: who tries them learns nothing."""
        answer = render(self.request, "registration/address_held.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(int(HOLD.total_seconds()))
        return answer

    def _know_browser(self, response: HttpResponse, browser: str) -> None:
        response.set_cookie(
            KNOWN_BROWSER_COOKIE,
            browser,
            max_age=KNOWN_BROWSER_AGE,
            path=reverse("sign_in"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


class SignOut(LogoutView):
    """Sign out; whoever uses this device next starts in Spanish, not in another person's language."""

    next_page = "sign_in"

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()


def home(request: SignedInRequest) -> HttpResponse:
    role = Role(request.user.role)
    is_on_phone = role in POLICE_ROLES and ON_PHONE_COOKIE in request.COOKIES
    return redirect("phone_shell" if is_on_phone else FIRST_PAGE[role])


def password_change(request: SignedInRequest) -> HttpResponse:
    form_class = OwnPasswordForm if request.user.must_change_password else ChangedPasswordForm
    form = form_class(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.change_password(by=request.user, password=form.cleaned_data["new_password1"])
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your new password is saved."))
            return redirect("home")
    return render(request, "registration/password_change.html", {"form": form})


def own_address(request: SignedInRequest) -> HttpResponse:
    return _address_page(request, request.user, "home")


def account_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.accounts_listed(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/account_list.html", {"page": page})


def address_hold_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(AddressHold.objects.all(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    now, people = timezone.now(), queries.held_back_people(list(page.object_list))
    rows = [(hold, hold.until > now, people.get(hold.pk, [])) for hold in page]
    return render(request, "accounts/address_hold_list.html", {"page": page, "rows": rows})


def account_address(request: SignedInRequest, user_id: int) -> HttpResponse:
    return _address_page(request, get_object_or_404(User, pk=user_id), "account_list")


def token_list(request: SignedInRequest) -> HttpResponse:
    form = TokenForm(request.user, request.POST or None) if scopes_open_to(request.user) else None
    made, now = None, timezone.now()
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            made = services.make_token(by=request.user, now=now, **form.cleaned_data)
            form = TokenForm(request.user)
        except StudyError as error:
            form.add_error(None, str(error))
    page = Paginator(queries.tokens_listed(request.user, now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "made": made, "address": request.build_absolute_uri("/api/v1/")}
    return render(request, "accounts/token_list.html", context)


@require_POST
def token_end(request: SignedInRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=token_id)
    try:
        services.end_token(by=request.user, token=token, now=timezone.now())
        messages.success(request, _("The key is ended: no program reads anything by it any more."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("token_list")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("home")
    language, target = form.cleaned_data["language"], form.cleaned_data["next"]
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    response = redirect(target)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", httponly=True)
    if isinstance(request.user, User):
        services.choose_language(by=request.user, language=language)
    return response


def _address_page(request: SignedInRequest, person: User, after: str) -> HttpResponse:
    held = {"work_email": person.work_email, "hears_mornings": person.hears_mornings}
    form = WorkEmailForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        address, hears = form.cleaned_data["work_email"], form.cleaned_data["hears_mornings"]
        services.set_work_email(by=request.user, user=person, address=address, hears_mornings=hears)
        messages.success(request, _("Saved."))
        return redirect(after)
    return render(request, "accounts/address.html", {"form": form, "person": person, "after": after})
