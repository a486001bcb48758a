"""The texts as interviewers mask them and coders read them; the codebook; what was marked."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.permissions import Permission
from interviews.agreement import Agreement, agreement, pooled
from interviews.code_tree import in_order, standing
from interviews.models import Code, CodeChange, Coding, CodingPass, Interview, TranscriptVersion
from participants.consent_scopes import Feature
from participants.queries import consent_to

Form = TranscriptVersion.Form
_WITH_KEY = "interview__participant__vault_key"


def originals_visible(user: User) -> QuerySet[TranscriptVersion]:
    """Return the texts of the interviews that an interviewer holds, masked or not; nobody else's."""
    rows = TranscriptVersion.objects.filter(interview__participant__interviewer=user)
    return rows.select_related(_WITH_KEY, "source").order_by("interview", "-number")


def texts_to_code(user: User, today: date) -> QuerySet[TranscriptVersion]:
    """Return the newest masked text of each interview that coders may read today: she consents, and was not erased."""
    if not user.has(Permission.CODE_INTERVIEWS):
        return TranscriptVersion.objects.none()
    newest = TranscriptVersion.objects.filter(interview=OuterRef("interview"), form=Form.MASKED).order_by("-number")
    return (
        _readable(today)
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .order_by("interview__selection", "interview__position")
    )


def texts_left_to_code(user: User, today: date) -> QuerySet[TranscriptVersion]:
    """Return the texts that a coder has begun and not finished, or that have a place left for her."""
    passes = CodingPass.objects.filter(transcript=OuterRef("pk"))
    others = passes.exclude(coder=user).values("transcript").annotate(n=Count("pk")).values("n")
    done = Exists(passes.filter(coder=user, finished_at__isnull=False))
    found = texts_to_code(user, today).annotate(others=Coalesce(Subquery(others), 0))
    return found.exclude(done).filter(others__lt=len(CodingPass.PLACES))


def texts_readable(user: User, today: date) -> QuerySet[TranscriptVersion]:
    """Return every masked text that coders may read today, older versions with it."""
    rows = _readable(today).order_by("interview", "-number")
    return rows if user.has(Permission.CODE_INTERVIEWS) else rows.none()


def interviews_wanted() -> tuple[int, int]:
    """Return how many interviews were held, and how many places there are."""
    placed = Interview.objects.filter(replaced_by=None)
    return placed.filter(status=Interview.Status.DONE).count(), placed.count()


def pass_of(transcript: TranscriptVersion, coder: User) -> CodingPass | None:
    """Return a coder's own going through a text, None before she begins."""
    return CodingPass.objects.filter(transcript=transcript, coder=coder).first()


def passes_of(transcripts: Collection[TranscriptVersion]) -> list[CodingPass]:
    """Return everybody's goings through of texts, by text and place."""
    return list(CodingPass.objects.filter(transcript__in=transcripts).order_by("transcript", "place"))


def codings_of(coding_pass: CodingPass | None) -> list[Coding]:
    """Return what a coder marked and did not take back, in the order of the text, by the codes that count today."""
    if coding_pass is None:
        return []
    rows = coding_pass.codings.filter(removed_at=None).select_related("code").order_by("paragraph", "start", "id")
    return list(rows)


def codes_listed() -> QuerySet[Code]:
    """Return every code, merged ones with it, by name."""
    return Code.objects.select_related("parent", "merged_into").order_by("name", "id")


def codebook() -> list[tuple[Code, int]]:
    """Return the codes that count today with their depth, each before what stands under it."""
    codes = {code.pk: code for code in codes_listed()}
    return [(codes[node.id], depth) for node, depth in in_order(code.node for code in codes.values())]


def changes_of(code: Code) -> QuerySet[CodeChange]:
    """Return what was done to a code, the newest first."""
    return CodeChange.objects.filter(code=code).select_related("changed_by").order_by("-changed_at", "-pk")


def standing_codes() -> dict[UUID, Code]:
    """Return for each code, merged or not, the one that counts today."""
    codes = {code.pk: code for code in Code.objects.order_by("pk")}
    return {code: codes[counts] for code, counts in standing(code.node for code in codes.values()).items()}


def is_marked(code: Code) -> bool:
    """Say whether anything is marked with a code, or with one that was merged into it."""
    alike = [one for one, counted in standing_codes().items() if counted.pk == code.pk]
    return Coding.objects.filter(code__in=alike, removed_at=None).exists()


def finished_passes(transcript: TranscriptVersion) -> list[CodingPass]:
    """Return the two goings through of a text once both are finished; none before."""
    passes = list(CodingPass.objects.filter(transcript=transcript).order_by("place").select_related("coder"))
    is_done = len(passes) == len(CodingPass.PLACES) and all(row.finished_at is not None for row in passes)
    return passes if is_done else []


def agreement_on(transcript: TranscriptVersion, passes: Iterable[CodingPass]) -> list[tuple[Code, Agreement]]:
    """Return by code, in the order of the codebook, how two coders agree over the paragraphs of a text."""
    counts = standing_codes()
    marked: list[dict[UUID, set[int]]] = []
    for coding_pass in passes:
        units: dict[UUID, set[int]] = {}
        for coding in codings_of(coding_pass):
            units.setdefault(counts[coding.code_id].pk, set()).add(coding.paragraph)
        marked.append(units)
    first, second = marked
    return [
        (code, agreement(transcript.paragraphs, first.get(code.pk, ()), second.get(code.pk, ())))
        for code, _depth in codebook()
        if code.pk in first or code.pk in second
    ]


def agreement_overall(rows: Iterable[tuple[Code, Agreement]]) -> Agreement:
    """Return the agreement over the codes that either coder used."""
    return pooled(row for _code, row in rows)


def passages_with(code: Code, transcripts: QuerySet[TranscriptVersion], *, reader: User) -> list[Coding]:
    """Return the passages with a code, or one that was merged into it, by text and place.

    A reader finds what two coders finished, and what she finished herself: nobody reads ahead of her own coding.
    """
    counts = standing_codes()
    alike = [one for one, counted in counts.items() if counted.pk == code.pk]
    done = CodingPass.objects.filter(finished_at__isnull=False)
    both = done.filter(place=1, transcript__in=done.filter(place=2).values("transcript")).values("transcript")
    rows = Coding.objects.filter(
        Q(coding_pass__coder=reader) | Q(coding_pass__transcript__in=both),
        removed_at=None,
        code__in=alike,
        coding_pass__finished_at__isnull=False,
        coding_pass__transcript__in=transcripts,
    )
    rows = rows.select_related("coding_pass__coder", f"coding_pass__transcript__{_WITH_KEY}")
    return list(
        rows.order_by(
            "coding_pass__transcript__interview__selection",
            "coding_pass__transcript__interview__position",
            "paragraph",
            "start",
            "id",
        )
    )


def _readable(today: date) -> QuerySet[TranscriptVersion]:
    return TranscriptVersion.objects.filter(
        consent_to(Feature.INTERVIEW, today, woman="interview__participant"),
        form=Form.MASKED,
        interview__participant__vault_key__destroyed_at=None,
    ).select_related(_WITH_KEY)
