"""What the application's page tells its modules: texts, addresses and the lists that no answer of the server brings."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from participants.models import SafeContactPlan
from phone.texts import as_data
from risk.models import Assessment

# The modules put a phone's own in its place.
NO_DEVICE = "00000000-0000-0000-0000-000000000000"


def boot() -> dict[str, Any]:
    """Return it in the language in force: nothing of anybody."""
    channels = {f"channel_{value}": str(label).lower() for value, label in SafeContactPlan.Channel.choices}
    return {
        "language": get_language(),
        "languages": [[code, name] for code, name in settings.LANGUAGES],
        "time_zone": settings.TIME_ZONE,
        "texts": {**as_data(), **channels},
        "raised_reasons": [[value, str(label)] for value, label in Assessment.RaisedReason.choices],
        "urls": _addresses(),
    }


def _addresses() -> dict[str, str]:
    return {
        "exit": settings.QUICK_EXIT_URL,
        "page": reverse("phone_shell"),
        "worker": reverse("phone_worker"),
        "home": reverse("visit_list"),
        "sign_in": reverse("sign_in"),
        "sign_out": reverse("sign_out"),
        "language": reverse("set_language"),
        "session": reverse("phone_session"),
        "days": reverse("phone_days"),
        "devices": reverse("device_api"),
        "part": reverse("device_api_part", args=[NO_DEVICE]),
        "logs": reverse("visit_sync"),
        "sheets": reverse("sheet_sync"),
        "parcels": reverse("phone_parcels"),
        "wipe": reverse("phone_wipe"),
    }
