"""What women agreed to, asked by feature; and the versions of the text that they sign."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import BigIntegerField, CharField, DateField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.ready_queries import Asked, ReadyQuery
from participants.consent_file import ConsentFile, parse_consent
from participants.consent_scopes import SCOPE_OF, Feature
from participants.models import Consent, ConsentText, Participant


def has_consent(participant: Participant, feature: Feature, on: date) -> bool:
    """Say whether she agreed to what a feature needs, and whether that counts on that day."""
    return _IN_FORCE.first(woman=participant.pk, scope=str(SCOPE_OF[feature]), on=on) is not None


_IN_FORCE = ReadyQuery(
    lambda: (
        Consent.objects.in_force(Asked("on", DateField()))
        .filter(participant=Asked("woman", BigIntegerField()), scope=Asked("scope", CharField()))
        .order_by("pk")
        .only("pk")
    )
)


def consent_to(feature: Feature, on: date, *, woman: str = "pk") -> Exists:
    """Return the condition that a row's woman agreed to what a feature needs; `woman` leads from the row to her."""
    given = Consent.objects.in_force(on).filter(scope=SCOPE_OF[feature])
    return Exists(given.filter(participant=OuterRef(woman)))


def consent_not_ended(feature: Feature, *, woman: str = "pk") -> Exists:
    """Return the condition that a row's woman agreed and has not ended it, even if a newer text overtook it."""
    return Exists(Consent.objects.filter(ended_at=None, scope=SCOPE_OF[feature], participant=OuterRef(woman)))


def had_agreed(feature: Feature, at: datetime | Asked, day: date | Asked, *, woman: str = "pk") -> Exists:
    """Return the condition that a row's woman agreed to what a feature needs at a moment of that day.

    It may be past: whatever became of the consent since does not matter.
    """
    given = Consent.objects.filter(scope=SCOPE_OF[feature], given_at__date__lte=day, participant=OuterRef(woman))
    return Exists(given.filter(Q(ended_at=None) | Q(ended_at__gt=at), Q(lapses_on=None) | Q(lapses_on__gt=day)))


def agreed_at(feature: Feature, moments: Collection[tuple[int, datetime]]) -> set[tuple[int, datetime]]:
    """Return those pairs of a woman's id and a moment when she agreed to a feature, as `had_agreed`, in one query."""
    rows = Consent.objects.filter(scope=SCOPE_OF[feature], participant__in={woman for woman, _at in moments})
    given: dict[int, list[Consent]] = {}
    for consent in rows.order_by("pk"):
        given.setdefault(consent.participant_id, []).append(consent)
    return {(woman, at) for woman, at in moments if any(_counts_at(consent, at) for consent in given.get(woman, ()))}


def consent_texts() -> QuerySet[ConsentText]:
    """Return every version of the text, the newest first."""
    return ConsentText.objects.order_by("-valid_from")


def consent_text_in_force(on: date) -> ConsentText | None:
    """Return the version that is signed on a day: the one that began last, unless it has ended."""
    newest = ConsentText.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    return None if newest is None or (newest.valid_until and newest.valid_until < on) else newest


def text_before(text: ConsentText) -> ConsentText | None:
    """Return the version that was signed before this one, None for the first."""
    return ConsentText.objects.filter(valid_from__lt=text.valid_from).order_by("-valid_from").first()


def consent_file(text: ConsentText) -> ConsentFile:
    """Return what a stored version says."""
    return _parsed(text.source)


def lapse_days(version: str) -> dict[str, date]:
    """Return, by scope, the first day on which a consent under that version no longer counts; none where it stays.

    A version that was never loaded counts as the oldest.
    """
    begins = ConsentText.objects.filter(version=version).values_list("valid_from", flat=True).first()
    days: dict[str, date] = {}
    for text in ConsentText.objects.filter(valid_from__gt=begins or date.min):
        file = consent_file(text)
        last = text.valid_from + timedelta(days=file.grace_days)
        days |= {scope: min(last, days.get(scope, last)) for scope in file.renews}
    return days


@lru_cache(maxsize=16)
def _parsed(source: str) -> ConsentFile:
    return parse_consent(source, name="consent")


def _counts_at(consent: Consent, at: datetime) -> bool:
    day = timezone.localdate(at)
    return (
        timezone.localdate(consent.given_at) <= day
        and (consent.ended_at is None or consent.ended_at > at)
        and (consent.lapses_on is None or consent.lapses_on > day)
    )
