"""How a model's fields are classed by what each can give away."""

from panel.columns import Disclosure


def classed(
    model: str, *, identifier: str = "", quasi_identifier: str = "", study: str = "", internal: str = ""
) -> dict[str, Disclosure]:
    """Return the class of each field, by "app.Model.field"; names stand in one string, separated by blanks."""
    by_class = {
        Disclosure.IDENTIFIER: identifier,
        Disclosure.QUASI_IDENTIFIER: quasi_identifier,
        Disclosure.STUDY: study,
        Disclosure.INTERNAL: internal,
    }
    return {f"{model}.{field}": disclosure for disclosure, fields in by_class.items() for field in fields.split()}
