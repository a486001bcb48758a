"""The synthetic women into the tables of `participants`: codes, consents, safe times, sealed cards."""

from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any

from participants import lookups, sealing, vault
from participants.identity import Identity
from participants.models import (
    Consent,
    LookupHash,
    Participant,
    SafeContactPlan,
    SealedCard,
    StatusChange,
    VaultKey,
)
from participants.status import REASONS
from participants.vault import Keyring
from simulation.copying import copy_rows
from simulation.homes import with_homes
from simulation.loading import Loading

_MORNING = 10 * 60
_STATUS = Participant.Status
_LEFT_FOR = {status: codes[0] for status, codes in REASONS.items()}


def load_women(load: Loading, *, consent_version: str) -> None:
    """Write all women and what belongs to them alone."""
    copy_rows(
        Participant,
        ("id", "study_code", "station_id", "enrolled_station_id", "status", "status_changed_at", "enrolled_on",
         "interviewer_id", "age_at_enrolment"),
        _participants(load),
    )  # fmt: skip
    copy_rows(
        StatusChange,
        ("participant_id", "from_status", "to_status", "reason", "at", "by_id"),
        _status_changes(load),
    )
    copy_rows(
        Consent,
        ("participant_id", "scope", "text_version", "given_at", "ended_at"),
        _consents(load, consent_version),
    )
    copy_rows(
        SafeContactPlan,
        ("participant_id", "safe_weekdays", "safe_from", "safe_until", "channel", "language", "reviewed_at"),
        _safe_contact_plans(load),
    )
    _load_cards(load)


def _participants(load: Loading) -> Iterator[tuple[Any, ...]]:
    rows = zip(
        load.world.women.station.tolist(),
        load.world.calendar.enrolled.tolist(),
        _statuses(load),
        load.world.women.age.tolist(),
        strict=True,
    )
    for row, (station, enrolled, (status, changed), age) in enumerate(rows):
        interviewers = load.team.interviewers
        yield (
            load.women[row], load.study_code(row), load.stations[station], load.stations[station], str(status),
            load.clock.at(changed, _MORNING), load.clock.date(enrolled), interviewers[station % len(interviewers)], age,
        )  # fmt: skip


def _status_changes(load: Loading) -> Iterator[tuple[Any, ...]]:
    station, enrolled = load.world.women.station.tolist(), load.world.calendar.enrolled.tolist()
    for row, (status, changed) in enumerate(_statuses(load)):
        woman, supervisor = load.women[row], load.team.supervisors[station[row]]
        entered = load.clock.at(enrolled[row], _MORNING)
        yield woman, "", str(_STATUS.ENROLLED), "enrolled", entered, supervisor
        if status == _STATUS.ENROLLED:
            continue
        at, reason = load.clock.at(changed, _MORNING), _LEFT_FOR.get(status, "not_said")
        yield woman, str(_STATUS.ENROLLED), str(status), reason, at, supervisor


def _statuses(load: Loading) -> Iterator[tuple[str, int]]:
    """Yield the status that each woman has, and the day since when."""
    calendar, settings = load.world.calendar, load.world.settings
    ends_on = (calendar.due[:, -1] + settings.waves[-1].window_days).tolist()
    rows = zip(calendar.enrolled.tolist(), calendar.left.tolist(), calendar.left_for, ends_on, strict=True)
    for enrolled, left, left_for, ends in rows:
        if left_for:
            yield left_for, left
        elif ends < settings.today:
            yield _STATUS.COMPLETED, ends
        else:
            yield _STATUS.ENROLLED, enrolled


def _consents(load: Loading, version: str) -> Iterator[tuple[Any, ...]]:
    calendar = load.world.calendar
    enrolled, left = calendar.enrolled.tolist(), calendar.left.tolist()
    for scope, given in load.world.women.consents.items():
        for row in given.nonzero()[0].tolist():
            withdrew = calendar.left_for[row] == _STATUS.WITHDRAWN
            yield (
                load.women[row], str(Consent.Scope(scope)), version, load.clock.at(enrolled[row], _MORNING),
                load.clock.at(left[row], _MORNING) if withdrew else None,
            )  # fmt: skip


def _safe_contact_plans(load: Loading) -> Iterator[tuple[Any, ...]]:
    times = load.world.women.safe_times
    channels = [str(channel) for channel in SafeContactPlan.Channel]
    for row, participant_id in enumerate(load.women):
        weekdays = [int(day) + 1 for day in times.weekdays[row].nonzero()[0]]
        yield (
            participant_id, weekdays, time(int(times.from_hour[row])), time(int(times.until_hour[row])),
            channels[row % len(channels)], str(SafeContactPlan.Language.SPANISH),
            load.clock.at(load.world.calendar.enrolled[row], _MORNING),
        )  # fmt: skip


def _load_cards(load: Loading) -> None:
    keyring = sealing.configured_keyring()
    codes = [load.study_code(row) for row in range(len(load.women))]
    keys = [vault.new_data_key(keyring, study_code=code) for code in codes]
    copy_rows(
        VaultKey,
        ("participant_id", "master_key_id", "wrapped"),
        ((participant_id, key.master_key_id, key.data) for participant_id, key in zip(load.women, keys, strict=True)),
    )
    cards, days = with_homes(load), load.world.calendar.enrolled.tolist()
    copy_rows(
        SealedCard,
        ("participant_id", "ciphertext", "sealed_at"),
        (
            (
                participant_id,
                vault.seal(keyring, key, card.to_bytes(), study_code=code, purpose=sealing.CARD),
                load.clock.at(day, _MORNING),
            )
            for participant_id, code, key, card, day in zip(load.women, codes, keys, cards, days, strict=True)
        ),
    )
    copy_rows(LookupHash, ("participant_id", "kind", "key_id", "digest"), _lookup_hashes(load, keyring, cards))


def _lookup_hashes(load: Loading, keyring: Keyring, cards: Sequence[Identity]) -> Iterator[tuple[Any, ...]]:
    for row, (participant_id, card) in enumerate(zip(load.women, cards, strict=True)):
        for kind, digest in lookups.digests_to_store(card, study_code=load.study_code(row)).items():
            yield participant_id, str(kind), keyring.current.id, digest
