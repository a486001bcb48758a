"""The errors a person can act on: each app derives its own, beside the function that raises it."""

from django.utils.functional import Promise


class StudyError(Exception):
    """An anticipated refusal: `code` for machines, `message` for the person, `http_status` for the API.

    `field` names the one that it speaks of, "" for the whole. `clears_browser`: whoever is told keeps nothing of us.
    """

    code = "refused"
    message: str | Promise = ""
    http_status = 400
    field = ""
    clears_browser = False

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(message if message is not None else self.message)

    def __str__(self) -> str:
        return str(self.args[0])


def refusal(error: StudyError) -> dict[str, str]:
    """Return why not, for machines and for people."""
    said = {"code": error.code, "detail": str(error)}
    return {**said, "field": error.field} if error.field else said
