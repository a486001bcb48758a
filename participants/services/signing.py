"""Her signature under what she agrees to: at enrolment, and again when a newer text asks for it."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission, require
from audit.services import record
from participants import queries, sealing
from participants.followers import PartChange, follow
from participants.models import Consent, ConsentSignature, ConsentText, Participant
from participants.reach import require_card_open, require_in_study, require_reach
from participants.sealing import SealedDataUnreadable
from participants.services.refusals import refusals_recorded
from participants.signature import SignedConsent
from participants.signed_copy import SignedText, signed_copy

SIGNED_COPY = "signed copy"


class ConsentTextChanged(StudyError):
    """The words that she read are not those in force now: she reads the new ones before she signs."""

    code = "consent_text_changed"
    message = _("The text of the consent is not the one in force. Read her the text below; nothing was saved.")
    http_status = 409


class NoConsentText(StudyError):
    """No version is in force: none was loaded, or the last one has ended."""

    code = "no_consent_text"
    message = _("No text of the consent is in force: an administrator must load one before anybody can sign.")
    http_status = 409


class NothingToRenew(StudyError):
    """No consent of hers was overtaken by a newer text, or somebody renewed it meanwhile."""

    code = "nothing_to_renew"
    message = _("There is nothing for her to sign again.")
    http_status = 409


@transaction.atomic
def renew_consent(*, by: User, participant: Participant, consent: SignedConsent, now: datetime) -> ConsentSignature:
    """Take her answers to a newer text, signed: every earlier consent ends, and those given now begin.

    What she no longer agrees to stops at once, and what she agrees to again resumes. Raise ParticipantOutOfReach,
    ParticipantLeft, NothingToRenew, ConsentTextChanged, or what `sealing.open_card` raises.
    """
    require(by, Permission.ENROL_PARTICIPANTS)
    require_reach(by, participant, now)
    locked = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    require_in_study(locked)
    if not locked.consents.to_renew().exists():
        raise NothingToRenew
    ended = locked.consents.filter(ended_at=None).update(ended_at=now)
    kept = give_consent(locked, consent, witness=by, now=now)
    record(
        actor=by,
        action="participants.renew_consent",
        object_type="participant",
        object_id=locked.study_code,
        details={"text": kept.text_version, "scopes": kept.scopes, "ended": ended, "copy_sha256": kept.copy_sha256},
    )
    follow(by=by, change=PartChange(locked, "renewed", now))
    return kept


@refusals_recorded
@transaction.atomic
def open_signed_copy(*, by: User, signature: ConsentSignature, now: datetime) -> bytes:
    """Return the copy that was frozen when she signed, for whom her card opens; each opening is recorded.

    Raise as `require_card_open`, IdentityErased, or SealedDataUnreadable also when the hash is another.
    """
    participant = signature.participant
    require_card_open(by, participant, now)
    content = sealing.unseal_bytes(participant, signature.sealed_copy, purpose=SIGNED_COPY)
    if hashlib.sha256(content).hexdigest() != signature.copy_sha256:
        raise SealedDataUnreadable
    record(
        actor=by,
        action="participants.open_signed_copy",
        object_type="participant",
        object_id=participant.study_code,
        details={"signature": signature.pk, "copy_sha256": signature.copy_sha256},
    )
    return content


def require_consent_text(now: datetime) -> ConsentText:
    """Return the text that is signed today. Raise NoConsentText."""
    text = queries.consent_text_in_force(timezone.localdate(now))
    if text is None:
        raise NoConsentText
    return text


def give_consent(participant: Participant, consent: SignedConsent, *, witness: User, now: datetime) -> ConsentSignature:
    """Write what she agrees to and freeze the signed copy, within the caller's transaction.

    Her card must be sealed already. The text is frozen from the first signature on. Raise NoConsentText or
    ConsentTextChanged.
    """
    text = require_consent_text(now)
    if text.version != consent.text_version:
        raise ConsentTextChanged
    ConsentText.objects.filter(pk=text.pk, frozen_at=None).update(frozen_at=now)
    agreed = sorted(map(str, consent.scopes))
    Consent.objects.bulk_create(
        Consent(participant=participant, scope=scope, text_version=text.version, given_at=now) for scope in agreed
    )
    wording = queries.consent_file(text).in_language(consent.language)
    content = signed_copy(
        SignedText(text.version, text.sha256, consent.language, wording),
        full_name=sealing.open_card(participant).full_name,
        study_code=participant.study_code,
        station_code=queries.station_label(participant.station),
        scopes=agreed,
        signature=consent.signature,
        signed_at=now,
    )
    return ConsentSignature.objects.create(
        participant=participant,
        text_version=text.version,
        text_sha256=text.sha256,
        language=consent.language,
        scopes=agreed,
        method=consent.signature.method,
        sealed_copy=sealing.seal_bytes(participant, content, purpose=SIGNED_COPY),
        copy_sha256=hashlib.sha256(content).hexdigest(),
        signed_at=now,
        witnessed_by=witness,
    )
