"""What the application's page tells its modules: texts, addresses and the lists that no answer of the server brings."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from participants.models import SafeContactPlan
from phone.notebook_words import notebook_texts
from phone.texts import as_data
from risk.models import Assessment

# The modules put a phone's own in its place.
NO_DEVICE, NO_CODE = "00000000-0000-0000-0000-000000000000", "CODE"


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


def notebook_boot() -> dict[str, Any]:
    """Return what the page of those who ask tells its modules: its own words and addresses beside the common ones."""
    common = boot()
    own = {
        "page": reverse("notebook_shell"),
        "worker": reverse("notebook_worker"),
        "scope": reverse("notebook_shell"),
        "manifest": reverse("notebook_manifest"),
        "home": reverse("survey_list"),
        "days": reverse("phone_notebook"),
        "entries": reverse("entry_sync"),
        "referral": reverse("referral_offer", args=[NO_CODE]),
    }
    texts, urls = {**common["texts"], **notebook_texts()}, {**common["urls"], **own}
    return {**common, "texts": texts, "urls": urls}


def _addresses() -> dict[str, str]:
    return {
        "exit": settings.QUICK_EXIT_URL,
        "page": reverse("phone_shell"),
        "worker": reverse("phone_worker"),
        "scope": "/",
        "manifest": reverse("phone_manifest"),
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
