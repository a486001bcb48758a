"""The request of a page that the access table opens to people who signed in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request after AccessTableMiddleware let it pass: somebody is signed in."""

    user: User
