"""Choosing who is asked, and who is asked instead."""

import os
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from audit.services import record
from interviews import queries, selection
from interviews.models import Interview, Selection
from interviews.selection import Candidate, Rule
from participants.consent_scopes import SCOPE_OF, Feature
from participants.followers import PartChange

PER_ARM = 4
NONCE_BYTES = 32


class NoLockedAllocation(StudyError):
    """Without arms nobody can be chosen by arm."""

    code = "no_locked_allocation"
    message = _("The allocation of stations is not locked yet.")
    http_status = 409


class TooFewConsenting(StudyError):
    """In some arm too few women would talk; which, the message does not say."""

    code = "too_few_consenting"
    message = _("Too few women consent to an interview in at least one group.")
    http_status = 409


class NobodyToReplace(StudyError):
    """All who were chosen still talk, or have somebody in their place."""

    code = "nobody_to_replace"
    message = _("Nobody has dropped out whose place is still open.")
    http_status = 409


@transaction.atomic
def select_interviewees(*, by: Actor, seed: int, now: datetime, rule: str = Rule.SEEDED_RANDOM) -> Selection:
    """Choose four consenting women of each arm by a recorded rule and seed, in an order that tells nothing of the arm.

    Women chosen before are left out. The audit has the digest of the candidates, not the seed: with both, somebody
    could try which arms lead to the women chosen. Raise NoLockedAllocation or TooFewConsenting.
    """
    require(by, Permission.MANAGE_INTERVIEWS)
    arms, nonce = queries.arms_in_study(), os.urandom(NONCE_BYTES)
    if not arms:
        raise NoLockedAllocation
    candidates = queries.candidates(timezone.localdate(now))
    chosen = selection.choose(candidates, rule=rule, per_group=PER_ARM, seed=str(seed))
    if len(chosen) < PER_ARM * len(arms):
        raise TooFewConsenting
    made = Selection.objects.create(
        seed=str(seed),
        rule=rule,
        per_arm=PER_ARM,
        candidates=len(candidates),
        candidates_sha256=selection.candidates_digest(candidates, nonce=nonce),
        candidates_nonce=nonce,
        selected_at=now,
        selected_by=person_of(by),
    )
    Interview.objects.bulk_create(
        Interview(selection=made, participant_id=woman.id, position=position, cell=woman.cell, status_changed_at=now)
        for position, woman in enumerate(chosen, start=1)
    )
    record(
        actor=by,
        action="interviews.select",
        object_type="selection",
        object_id=made.pk,
        details={"rule": rule, "chosen": len(chosen), "candidates_sha256": made.candidates_sha256},
    )
    return made


@transaction.atomic
def replace_dropouts(*, by: Actor, chosen_before: Selection, now: datetime) -> int:
    """Choose by the same rule and seed who is asked instead of those who do not talk; return how many.

    A place for which nobody of its group is left stays open. Raise NobodyToReplace.
    """
    require(by, Permission.MANAGE_INTERVIEWS)
    locked = Selection.objects.select_for_update().get(pk=chosen_before.pk)
    today = timezone.localdate(now)
    held = queries.candidates(today, chosen_too=True)
    by_id = {woman.id: woman for woman in held}
    left = queries.candidates(today)
    found: list[tuple[Candidate, Interview]] = []
    for leaving in queries.dropouts_to_replace(locked):
        woman = selection.next_in_place_of(
            by_id[leaving.participant_id], left, held, rule=locked.rule, seed=locked.seed
        )
        if woman is not None:
            held.append(woman)
            found.append((woman, leaving))
    if not found:
        raise NobodyToReplace
    # By their own codes, not by those they replace: the order tells of nobody whose place she took.
    found.sort(key=lambda pair: pair[0].code)
    Interview.objects.bulk_create(
        Interview(
            selection=locked,
            participant_id=woman.id,
            position=position,
            cell=woman.cell,
            replaces=leaving,
            status_changed_at=now,
        )
        for position, (woman, leaving) in enumerate(found, start=locked.interviews.count() + 1)
    )
    record(
        actor=by,
        action="interviews.replace",
        object_type="selection",
        object_id=locked.pk,
        details={"rule": locked.rule, "chosen": len(found)},
    )
    return len(found)


@transaction.atomic
def follow_participant(*, by: Actor, change: PartChange) -> None:
    """Stop the interviews not yet held of a woman who has left, or no longer agrees to one."""
    if SCOPE_OF[Feature.INTERVIEW] not in change.scopes:
        return
    waiting = queries.interviews_without_consent(change.participant, timezone.localdate(change.now))
    stopped = waiting.update(status=Interview.Status.STOPPED, status_changed_at=change.now)
    record(
        actor=by,
        action="interviews.follow",
        object_type="participant",
        object_id=change.participant.study_code,
        reason=change.reason,
        details={"stopped": stopped},
    )
