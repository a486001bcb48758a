"""What is promised about recordings: 500 MB come in and go out in constant memory, piece by piece."""

import hashlib
import os
import resource
import struct
import time
from datetime import datetime
from pathlib import Path

from bench_study import Result, study
from django.utils import timezone

from accounts.models import User
from interviews.chunks import CHUNK_BYTES
from interviews.models import Interview, InterviewFile
from interviews.services import begin_upload, finish_upload, open_file, receive_piece
from interviews.uploading import LARGEST, Offer
from participants.models import Consent

SIZE = LARGEST["audio"]
PROMISED_MEGABYTES = 64


def interviews() -> Result:
    """Bring a recording of 500 MB in and give it out. Promised: 64 MB beyond the start. The baseline only hashes it."""
    with study(clusters=8, participants=64, elapsed_months=4):
        interview = Interview.objects.filter(status="done").select_related("participant__interviewer").first()
        if interview is None or interview.participant.interviewer is None:
            raise SystemExit("bench: no interview was held in the synthetic study")
        Interview.objects.filter(pk=interview.pk).update(audio_agreed=True)
        now, by = timezone.now(), interview.participant.interviewer
        given = {"text_version": "1", "given_at": now}
        Consent.objects.get_or_create(participant=interview.participant, scope="audio", defaults=given)
        watch = MemoryWatch()
        file, came_in = brought(by, interview, now, watch)
        began = time.perf_counter()
        digest = hashlib.sha256()
        for piece in open_file(by=by, file=file, wanted="", now=now).content:
            digest.update(piece)
            watch.look()
        went_out = time.perf_counter() - began
        if digest.hexdigest() != file.sha256:
            raise SystemExit("bench: the recording came out otherwise than it went in")
        baseline = hashed_alone()
        return {
            "seconds": round(came_in + went_out, 1),
            "in_seconds": round(came_in, 1),
            "out_seconds": round(went_out, 1),
            "megabytes": SIZE // 2**20,
            "memory_megabytes": round(watch.most_megabytes, 1),
            "promised_memory_megabytes": PROMISED_MEGABYTES,
            "baseline_hash_seconds": round(baseline, 2),
            "ratio_to_baseline": round((came_in + went_out) / baseline, 1),
        }


class MemoryWatch:
    """The most resident memory seen beyond that of the beginning; the peak of loading the study is not in it."""

    def __init__(self) -> None:
        self.before, self.most_megabytes = self._resident(), 0.0

    def look(self) -> None:
        self.most_megabytes = max(self.most_megabytes, (self._resident() - self.before) / 2**20)

    @staticmethod
    def _resident() -> int:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize()


def brought(by: User, interview: Interview, now: datetime, watch: MemoryWatch) -> tuple[InterviewFile, float]:
    """Send a recording piece by piece; return it finished, with the seconds that took."""
    began = time.perf_counter()
    offer = Offer("audio", SIZE, "0" * 64)
    file = begin_upload(by=by, interview=interview, offer=offer, now=now)
    noise = os.urandom(CHUNK_BYTES)
    for position in range(file.pieces):
        file = receive_piece(by=by, file=file, position=position, content=piece_of(noise, position), sha256="", now=now)
        watch.look()
    return finish_upload(by=by, file=file, now=now), time.perf_counter() - began


def piece_of(noise: bytes, position: int) -> bytes:
    """Return a piece whose beginning differs from every other's; the first begins as a WAV does."""
    head = b"RIFF" + struct.pack("<I", SIZE - 8) + b"WAVE" if position == 0 else struct.pack("<Q", position)
    return head + noise[len(head) :]


def hashed_alone() -> float:
    """Return the seconds that hashing as many bytes takes, twice: in and out."""
    noise, digest, began = os.urandom(CHUNK_BYTES), hashlib.sha256(), time.perf_counter()
    for _piece in range(2 * SIZE // CHUNK_BYTES):
        digest.update(noise)
    return time.perf_counter() - began
