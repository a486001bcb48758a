"""Files come in whole or not at all, go on where they stopped, and open for her interviewer alone."""

import hashlib
import logging
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import F

from accounts.roles import Role
from audit.models import Event
from interviews import services
from interviews.chunks import CHUNK_BYTES
from interviews.models import FileChunk, Interview, InterviewFile, TranscriptVersion
from interviews.uploading import LARGEST, QUOTA_BYTES, Offer
from participants import sealing
from participants.models import Erasure
from participants.queries import sealed_rows
from participants.reach import ConsentMissing, ParticipantOutOfReach
from participants.services import confirm_erasure, request_erasure
from participants.services.status import withdraw_participant
from tests.factories import NOW, OfficerFactory, UserFactory
from tests.interviews.bringing import begun, brought, docx, offer_of, piece_of, sent, wav
from tests.interviews.conftest import make_held_talk
from tests.risk.test_nothing_in_clear import pg_dump

SOUND = wav()
LATER = NOW + timedelta(hours=1)


def opened(talk, file, wanted="") -> bytes:
    file = InterviewFile.objects.select_related("interview__participant__vault_key").get(pk=file.pk)
    return b"".join(services.open_file(by=talk.interviewer, file=file, wanted=wanted, now=NOW).content)


@pytest.mark.requirement("F53")
def test_a_recording_comes_out_as_it_went_in(held):
    file = brought(held, SOUND)
    assert (file.file_format, file.pieces, file.sha256) == ("wav", 4, hashlib.sha256(SOUND).hexdigest())
    assert opened(held, file) == SOUND
    assert opened(held, file, "bytes=1048570-1048580") == SOUND[1048570:1048581]
    event = Event.objects.filter(action="interviews.open_file").latest("pk")
    assert (event.actor, event.object_id) == (held.interviewer.audit_name, held.woman.study_code)
    assert (event.details["from"], event.details["to"]) == (1048570, 1048580)


def test_an_upload_that_was_cut_goes_on_where_it_stopped(held):
    sent(held, begun(held, SOUND), SOUND, 0, 1)
    again = begun(held, SOUND)
    assert again.received == 2
    file = services.finish_upload(by=held.interviewer, file=sent(held, again, SOUND), now=NOW)
    assert opened(held, file) == SOUND
    assert InterviewFile.objects.count() == 1


def test_a_piece_sent_twice_is_kept_once(held):
    file = sent(held, begun(held, SOUND), SOUND, 0, 0, 1, 0)
    assert file.received == 2
    assert FileChunk.objects.count() == 2


def test_pieces_out_of_order_short_or_changed_on_the_way_are_refused(held):
    file = begun(held, SOUND)
    words = {"by": held.interviewer, "file": file, "now": NOW}
    with pytest.raises(services.PieceOutOfOrder):
        services.receive_piece(position=1, content=piece_of(SOUND, 1), sha256="", **words)
    with pytest.raises(services.PieceDamaged):
        services.receive_piece(position=0, content=SOUND[:10], sha256="", **words)
    with pytest.raises(services.PieceDamaged):
        services.receive_piece(position=0, content=piece_of(SOUND, 0), sha256="0" * 64, **words)
    with pytest.raises(services.PieceOutOfOrder):
        services.finish_upload(**words)
    assert not FileChunk.objects.exists()


@pytest.mark.parametrize("kind", ["audio", "transcript"])
def test_what_is_no_file_of_its_kind_is_refused_at_its_first_piece(held, kind):
    content = b"MZ\x90\x00" + bytes(500)
    with pytest.raises(services.FormatNotTaken):
        sent(held, begun(held, content, kind), content)
    assert not FileChunk.objects.exists()


@pytest.mark.parametrize("kind", ["audio", "transcript"])
def test_sizes_and_quota(held, kind):
    most = LARGEST[kind]
    words = {"by": held.interviewer, "interview": held.interview, "now": NOW}
    with pytest.raises(services.FileTooLarge):
        services.begin_upload(offer=Offer(kind, most + 1, "0" * 64), **words)
    services.begin_upload(offer=Offer(kind, most, "0" * 64), **words)
    InterviewFile.objects.update(size_bytes=QUOTA_BYTES - 5)
    services.begin_upload(offer=Offer(kind, 5, "1" * 64), **words)
    with pytest.raises(services.QuotaExceeded):
        services.begin_upload(offer=Offer(kind, 1, "2" * 64), **words)


def test_nothing_is_brought_of_an_interview_that_was_not_held_or_not_recorded(held):
    Interview.objects.update(audio_agreed=False)
    with pytest.raises(services.RecordingNotAgreed):
        begun(held, SOUND)
    assert begun(held, b"E: hola", "transcript").received == 0
    Interview.objects.update(status="agreed")
    with pytest.raises(services.InterviewNotHeld):
        begun(held, SOUND)


def test_consent_is_asked_of_every_piece_and_every_opening(held):
    file = sent(held, begun(held, SOUND), SOUND, 0)
    whole = brought(held, wav(100))
    held.woman.consents.filter(scope="audio").update(ended_at=NOW)
    with pytest.raises(ConsentMissing):
        sent(held, file, SOUND, 1)
    with pytest.raises(ConsentMissing):
        opened(held, whole)


def test_others_neither_bring_nor_open(held):
    file = brought(held, SOUND)
    stranger = UserFactory(role=Role.INTERVIEWER)
    with pytest.raises(ParticipantOutOfReach):
        services.begin_upload(by=stranger, interview=held.interview, offer=offer_of(SOUND), now=NOW)
    with pytest.raises(ParticipantOutOfReach):
        services.open_file(by=stranger, file=file, wanted="", now=NOW)
    with pytest.raises(services.FileNotWhole):
        services.open_file(by=held.interviewer, file=begun(held, wav(99)), wanted="", now=NOW)


@pytest.mark.parametrize("change", ["altered", "swapped", "cut off", "shortened"])
def test_tampering_in_the_database_is_found(held, change):
    file = brought(held, SOUND)
    pieces = FileChunk.objects.filter(file=file)
    if change == "altered":
        sealed = bytearray(pieces.get(position=1).sealed)
        sealed[500] ^= 1
        pieces.filter(position=1).update(sealed=bytes(sealed))
    elif change == "swapped":
        for here, there in ((0, 90), (1, 0), (90, 1)):
            pieces.filter(position=here).update(position=there)
    elif change == "cut off":
        pieces.filter(position=3).delete()
    else:
        InterviewFile.objects.update(size_bytes=F("size_bytes") - 1)
    with pytest.raises(sealing.SealedDataUnreadable):
        opened(held, file)


@pytest.mark.requirement("F36", "N31")
def test_after_an_erasure_neither_sound_nor_text_opens(held):
    sound, text = brought(held, SOUND), brought(held, docx("E: hola"), "transcript")
    withdraw_participant(by=_supervisor(held.woman), participant=held.woman, reason="her_wish", now=NOW)
    asked, confirms = (UserFactory(role=Role.ADMINISTRATOR) for _person in range(2))
    erasure = request_erasure(by=asked, participant=held.woman, reason=Erasure.Reason.HER_WISH, now=NOW)
    confirm_erasure(by=confirms, erasure=erasure, now=LATER)
    files = InterviewFile.objects.select_related("interview__participant__vault_key")
    for file in files.filter(pk__in=[sound.pk, text.pk]):
        with pytest.raises(sealing.IdentityErased):
            sealing.unseal_bytes(file.interview.participant, file.sealed_key, purpose="file key")
    assert not list(sealed_rows())


def _supervisor(woman):
    return OfficerFactory(user=UserFactory(role=Role.SUPERVISOR), posted_at=woman.station).user


def test_removed_files_leave_no_piece(held):
    file = brought(held, SOUND)
    services.remove_file(by=held.interviewer, file=file, now=NOW)
    assert not FileChunk.objects.exists()
    with pytest.raises(services.UploadNotOpen):
        services.remove_file(by=held.interviewer, file=file, now=NOW)
    with pytest.raises(services.FileNotWhole):
        opened(held, file)


def test_what_came_by_half_is_dropped_after_three_days(held):
    half, whole = sent(held, begun(held, SOUND), SOUND, 0), brought(held, wav(100))
    assert services.drop_unfinished(by=held.interviewer, now=NOW + timedelta(days=3)) == 0
    assert services.drop_unfinished(by=held.interviewer, now=NOW + timedelta(days=3, seconds=1)) == 1
    assert services.drop_unfinished(by=held.interviewer, now=NOW + timedelta(days=4)) == 0
    half.refresh_from_db()
    assert half.removed_at is not None
    assert opened(held, whole) == wav(100)


def test_a_transcript_becomes_a_text(held):
    file = brought(held, docx("E: ¿Cómo le va?", "P: Bien."), "transcript")
    text = TranscriptVersion.objects.get()
    assert (text.form, text.number, text.paragraphs, text.file) == ("original", 1, 2, file)
    said = services.open_transcript(by=held.interviewer, transcript=text, now=NOW)
    assert [(row.speaker, row.text) for row in said] == [("E", "¿Cómo le va?"), ("P", "Bien.")]


def test_a_transcript_that_cannot_be_read_is_refused_and_not_finished(held):
    content = docx("a")[:-30]
    file = sent(held, begun(held, content, "transcript"), content)
    with pytest.raises(services.TranscriptNotTaken):
        services.finish_upload(by=held.interviewer, file=file, now=NOW)
    file.refresh_from_db()
    assert file.finished_at is None


def test_memory_stays_that_of_a_few_pieces_whatever_the_length(held):
    content = wav(48 * CHUNK_BYTES)
    file = begun(held, content)
    tracemalloc.start()
    sent(held, file, content)
    file = services.finish_upload(by=held.interviewer, file=InterviewFile.objects.get(pk=file.pk), now=NOW)
    found = services.open_file(by=held.interviewer, file=file, wanted="", now=NOW)
    assert sum(len(piece) for piece in found.content) == len(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * CHUNK_BYTES


@pytest.mark.requirement("F53")
def test_the_same_file_sent_twice_at_once_is_one(committed_study):
    held = make_held_talk()
    together = Barrier(2)

    def send(_turn: int) -> int:
        together.wait()
        try:
            return sent(held, begun(held, SOUND), SOUND, *range(4)).received
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [4, 4]
    file = services.finish_upload(by=held.interviewer, file=InterviewFile.objects.get(), now=NOW)
    assert (FileChunk.objects.count(), file.sha256) == (4, hashlib.sha256(SOUND).hexdigest())


def test_two_files_at_once_do_not_mix(committed_study):
    held, files = make_held_talk(), [SOUND, SOUND[:-1] + b"!"]
    together = Barrier(2)

    def send(content: bytes) -> str:
        together.wait()
        try:
            return brought(held, content).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, files)) == [hashlib.sha256(content).hexdigest() for content in files]


@pytest.mark.requirement("N31")
def test_what_she_said_stands_nowhere_in_clear(committed_study, caplog):
    caplog.set_level(logging.DEBUG)
    held = make_held_talk()
    brought(held, docx("E: Qxmkpregunta", "P: Qxmkrespuesta"), "transcript")
    brought(held, wav(200) + b"Qxmksonido")
    dump = pg_dump(committed_study.urls.owner_database)
    assert held.woman.study_code in dump
    for mark in ("Qxmk", b"Qxmk".hex()):
        assert mark not in dump
        assert mark not in caplog.text
