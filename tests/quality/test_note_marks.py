"""Notes compared by a keyed hash: the same words have the same mark, and no mark tells a word."""

import pytest

from audit.models import Event
from participants.models import HeldSecret, Participant
from quality.models import NoteMark
from quality.note_marks import SHORTEST_COMPARED, note_mark
from quality.services import mark_notes
from quality.tasks import CHECKER
from tests.factories import NOW
from tests.quality.conftest import logged
from tests.quality.test_rules import sealed

NOTE = "Conversamos en la puerta, dijo que todo está tranquilo."
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (NOTE.upper(), True),
        ("Conversamos  en la puerta: dijo que todo está tranquilo", True),
        ("Conversamos en la puerta, dijo que nada está tranquilo.", False),
    ],
)
def test_words_alone_make_a_mark(other, same):
    assert (note_mark(KEY, other) == note_mark(KEY, NOTE)) is same


def test_mark_hangs_on_the_key_and_short_notes_have_none():
    assert note_mark(b"x" * 32, NOTE) != note_mark(KEY, NOTE)
    assert note_mark(KEY, "a" * (SHORTEST_COMPARED - 1)) == ""
    assert note_mark(KEY, "a" * SHORTEST_COMPARED) != ""


def test_each_note_is_marked_once_and_the_audit_keeps_a_number(team):
    woman = team.woman()
    logged(woman, team.officer, NOW, sealed_note=sealed(woman, NOTE))
    logged(woman, team.officer, NOW, outcome="nobody_home")
    assert mark_notes(by=CHECKER) == 1
    assert mark_notes(by=CHECKER) == 0
    (mark,) = NoteMark.objects.all()
    assert len(mark.mark) == 64
    (event,) = Event.objects.filter(action="quality.mark_notes")
    assert event.details == {"marked": 1, "blanked": 0}
    assert HeldSecret.objects.filter(name="note marks").count() == 1


def test_nothing_is_left_of_an_erased_womans_note(team):
    woman = team.woman()
    logged(woman, team.officer, NOW, sealed_note=sealed(woman, NOTE))
    mark_notes(by=CHECKER)
    Participant.objects.filter(pk=woman.pk).update(data_erased_at=NOW)
    assert mark_notes(by=CHECKER) == 0
    assert NoteMark.objects.get().mark == ""
