"""Signed copies, certificates, messages and decisions for the tests that look at every page."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from care.models import Debrief
from participants import sealing
from participants.models import ConsentSignature, OutgoingMessage, Participant, Withdrawal
from participants.outgoing import Purpose
from participants.queries import consent_file, consent_texts, station_label
from participants.services.signing import SIGNED_COPY
from participants.signature import Signature, SignatureMethod
from participants.signed_copy import SignedText, signed_copy
from risk.models import Lowering
from safety.models import AdverseEvent
from stations.models import Posting
from tests.participants.test_services import STROKES


def signed_by(women: Iterable[Participant]) -> list[object]:
    """Return the ids of a signature of each woman, kept with the copy that she signed."""
    signed = []
    for woman in women:
        copy = signed_copy(
            SignedText("1", "0" * 64, "es", consent_file(consent_texts()[0]).in_language("es")),
            full_name="Ana Inventada", study_code=woman.study_code, station_code=station_label(woman.station),
            scopes=("visits",), signature=Signature(SignatureMethod.DRAWN, STROKES), signed_at=timezone.now(),
        )  # fmt: skip
        sealed = sealing.seal_bytes(woman, copy, purpose=SIGNED_COPY)
        row = ConsentSignature.objects.create(
            participant=woman, text_version="1", text_sha256="0" * 64, language="es", scopes=["visits"],
            method="drawn", sealed_copy=sealed, copy_sha256=sha256(copy).hexdigest(), signed_at=timezone.now(),
        )  # fmt: skip
        signed.append(row.pk)
    return signed


def debriefs() -> list[object]:
    """Return the ids of an offer after something hard: to police of each role and station, and to two who ask."""
    asking = list(User.objects.filter(role=Role.INTERVIEWER).order_by("pk").values_list("pk", flat=True)[:2])
    serving = list(Posting.objects.serving().filter(officer__user__isnull=False).select_related("officer__user"))
    police = {(posting.station_id, posting.officer.user.role): posting.officer.user_id for posting in serving[::-1]}
    return [
        Debrief.objects.create(
            person_id=person, occasion="visit", cause="unsafe", source_id=uuid4(), offered_at=timezone.now()
        ).pk
        for person in (*police.values(), *asking)
    ]


SAFETY_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "debrief_id": debriefs,
    "event_id": lambda: list(AdverseEvent.objects.order_by("pk").values_list("pk", flat=True)[:2]),
}


def withdrawn_by(women: Iterable[Participant]) -> list[object]:
    """Return the ids of a withdrawal in part of each woman."""
    return [
        Withdrawal.objects.create(
            participant=woman, scopes=["audio"], is_whole=False, reason="time", withdrawn_at=timezone.now()
        ).pk
        for woman in women
    ]


def messages_to(women: Iterable[Participant]) -> list[object]:
    """Return the ids of a message about the visits and one about the surveys to each woman."""
    now = timezone.now()
    times = {"not_before": now, "expires_at": now + timedelta(days=8), "queued_at": now, "state_changed_at": now}
    return [
        OutgoingMessage.objects.get_or_create(
            participant=woman, purpose=purpose, defaults={"text_code": "call_me", "way": "sms", **times}
        )[0].pk
        for woman in women
        for purpose in (Purpose.VISITS, Purpose.SURVEYS)
    ]


def lowerings() -> list[object]:
    """Return the ids of a lowering of each state at each station."""
    found = Lowering.objects.order_by("participant__station_id", "state", "pk").distinct(
        "participant__station_id", "state"
    )
    return list(found.values_list("pk", flat=True))
