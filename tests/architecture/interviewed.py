"""Interviews of every state for the tests that look at every page."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from interviews.models import Interview, Selection
from participants.models import Consent, Participant

STATES = ("selected", "proposed", "agreed", "done")


def chosen() -> list[Interview]:
    """Return an interview of each interviewer, in every state; made once."""
    if not Interview.objects.filter(selection__seed="walk").exists():
        now = timezone.now()
        selection = Selection.objects.create(seed="walk", rule="purposive_grid", per_arm=4, selected_at=now)
        women = Participant.objects.in_follow_up().filter(interviews=None).order_by("interviewer_id", "pk")
        for position, woman in enumerate(women.distinct("interviewer_id"), start=1):
            times = {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(hours=1), "place": "office"}
            state = STATES[position % len(STATES)]
            Interview.objects.create(
                selection=selection, participant=woman, position=position, status=state, cell="higher_older",
                status_changed_at=now, held_by=woman.interviewer, audio_agreed=True if state == "done" else None,
                **times,
            )  # fmt: skip
            for scope in ("interview", "audio"):
                Consent.objects.get_or_create(
                    participant=woman, scope=scope, defaults={"text_version": "1", "given_at": now}
                )
    return list(Interview.objects.order_by("pk"))


INTERVIEW_OBJECTS: dict[str, Callable[[], list[object]]] = {
    "interview_id": lambda: [interview.pk for interview in chosen()],
    "selection_id": lambda: sorted({interview.selection_id for interview in chosen()}),
}
