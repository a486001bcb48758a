"""Reading stations, the allocation, and where people serve."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.errors import StudyError
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import POLICE_ROLES
from audit.queries import latest_event
from protocol.queries import current_protocol, protocol_of
from stations.balance import BalanceRow, balance_table
from stations.certificate import CertificateUnreadable, CertificateWrong, check_certificate
from stations.constrained import Candidates, partition_score
from stations.design import Design, candidates_of
from stations.eligibility import EligibilityRule
from stations.frame_listing import FrameRow
from stations.models import (
    AllocatedStation,
    Allocation,
    AllocationCheck,
    ArmCrossing,
    Commitment,
    District,
    Frame,
    Officer,
    Posting,
    Station,
)
from stations.partitions import Covariates, PartitionSpace
from stations.reachable import Reach, contrasts, reach_by_score, reach_in_blocks


class AllocationAltered(StudyError):
    """What is stored is not what was drawn: nothing may be planned on it."""

    code = "allocation_altered"
    message = _("The stored draw differs from its certificate. Planning has stopped: tell the study's administrator.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a constrained draw chose from, its own whole-number score, and its stations in order."""

    space: PartitionSpace
    candidates: Candidates
    drawn_score: int
    codes: tuple[str, ...]


def locked_allocation() -> Allocation | None:
    """Return the allocation that the study runs on, if one is locked."""
    return Allocation.objects.filter(status=Allocation.Status.LOCKED).first()


def draws() -> QuerySet[Allocation]:
    """Return every draw, newest first, with who drew and locked it and the promise it reveals."""
    return Allocation.objects.select_related("drawn_by", "locked_by", "commitment").order_by("-id")


def open_commitment() -> Commitment | None:
    """Return the promise that waits to be revealed or locked, if there is one."""
    return (
        Commitment.objects.filter(abandoned_at=None)
        .exclude(allocation__status__in=(Allocation.Status.DISCARDED, Allocation.Status.LOCKED))
        .select_related("allocation", "committed_by")
        .first()
    )


def may_be_approved_by(user: User, allocation: Allocation) -> bool:
    """Say whether a draw waits for this person's approval."""
    return (
        not allocation.is_rehearsal
        and allocation.status == Allocation.Status.DRAFT
        and user.has(Permission.APPROVE_ALLOCATION)
        and not allocation.approvals.filter(approved_by=user).exists()
    )


def draws_to_approve(user: User) -> QuerySet[Allocation]:
    """Return the draws that wait for a person's approval, newest first; none for whoever may not approve."""
    if not user.has(Permission.APPROVE_ALLOCATION):
        return Allocation.objects.none()
    drafts = draws().filter(status=Allocation.Status.DRAFT, commitment__isnull=False)
    return drafts.exclude(approvals__approved_by=user)


def abandoned_commitments() -> QuerySet[Commitment]:
    """Return the promises that were given up before they were revealed, newest first."""
    return Commitment.objects.exclude(abandoned_at=None).select_related("abandoned_by").order_by("-id")


def sample_of(allocation: Allocation) -> list[AllocatedStation]:
    """Return the drawn stations of any draw by code: which, without which arm."""
    return list(
        allocation.allocated.select_related("station__district").defer("arm", "blinded_group").order_by("station__code")
    )


def study_stations() -> QuerySet[AllocatedStation]:
    """Return the drawn stations of the locked allocation, by study number."""
    return (
        AllocatedStation.objects.filter(allocation__status=Allocation.Status.LOCKED)
        .select_related("station")
        .order_by("study_number")
    )


def risk_cadence_station_ids() -> set[int]:
    """Return the ids of the stations where the risk level decides the visits: all that planning learns of the arm.

    Raises AllocationAltered: whoever plans comes through here, so nothing is planned on arms that were changed.
    """
    require_intact_allocation()
    arms = {arm.code for arm in current_protocol().arms if arm.risk_cadence}
    return set(study_stations().filter(arm__in=arms).values_list("station_id", flat=True))


def trained_station_ids() -> set[int]:
    """Return the ids of the stations whose arm includes the training."""
    arms = {arm.code for arm in current_protocol().arms if arm.training}
    return set(study_stations().filter(arm__in=arms).values_list("station_id", flat=True))


def require_intact_allocation() -> None:
    """Let pass while the arms are those of the certificate and the last full check found no problem, in three queries.

    Raises AllocationAltered.
    """
    allocation, latest = locked_allocation(), latest_check()
    if latest is not None and latest.problem:
        raise AllocationAltered
    if allocation is None:
        return
    if dict(allocation.allocated.values_list("station__code", "arm")) != allocation.certificate.get("assignment"):
        raise AllocationAltered


def latest_check() -> AllocationCheck | None:
    """Return the last full comparison with the certificate."""
    return AllocationCheck.objects.order_by("-id").first()


def allocation_problem() -> str:
    """Compare the locked allocation with its certificate in every way there is; "" if all holds.

    The stored rows, the frozen frame, the hash in the audit's chain, the file that IVP_CERTIFICATE names, and a new
    draw from the certificate itself. The sentence names what differs, and no arm.
    """
    allocation = locked_allocation()
    if allocation is None:
        return (
            ""
            if latest_event("stations.lock_allocation", object_type="allocation") is None
            else "the locked allocation is gone"
        )
    certificate = allocation.certificate
    try:
        check_certificate(certificate)
    except (CertificateUnreadable, CertificateWrong) as error:
        return str(error).split(" (")[0]
    if dict(allocation.allocated.values_list("station__code", "arm")) != certificate["assignment"]:
        return "the stored arms differ from the certificate"
    if (allocation.seed, allocation.frame.sha256) != (certificate["seed"], certificate["frame_sha256"]):
        return "the stored seed or frame differs from the certificate"
    locked = latest_event("stations.lock_allocation", object_type="allocation")
    if locked is None or locked.details.get("certificate_sha256") != certificate["sha256"]:
        return "the certificate is not the one that the audit recorded when it was locked"
    return _file_problem(certificate)


def _file_problem(certificate: Mapping[str, object]) -> str:
    if not settings.ALLOCATION_CERTIFICATE:
        return ""
    try:
        kept = json.loads(Path(settings.ALLOCATION_CERTIFICATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"the certificate kept as a file cannot be read ({type(error).__name__})"
    return "" if kept == certificate else "the certificate differs from the one kept as a file"


def study_codes() -> dict[int, str]:
    """Return station id → study code ("Estación 07") for the drawn stations."""
    return {drawn.station_id: drawn.study_code for drawn in study_stations()}


def station_ids_of(user: User, *, on: date) -> set[int]:
    """Return the ids of the stations where a person serves on a day: one, or none."""
    postings = Posting.objects.serving(on).filter(officer__user=user)
    return set(postings.values_list("station_id", flat=True))


def arms_differ(first_station_id: int, second_station_id: int, *, on: date) -> bool:
    """Say whether two stations had different arms on a day, the allocation being locked by then; which is not told."""
    arms = dict(
        study_stations()
        .filter(station_id__in=(first_station_id, second_station_id), allocation__locked_at__date__lte=on)
        .values_list("station_id", "arm")
    )
    return len(set(arms.values())) > 1


def last_study_posting(officer: Officer, *, before: date) -> Posting | None:
    """Return an officer's latest posting at a drawn station that began before a day."""
    stations = study_stations().values("station_id")
    standing = officer.postings.standing().filter(starts_on__lt=before, station_id__in=stations)
    return standing.order_by("-starts_on").first()


def crossings() -> QuerySet[ArmCrossing]:
    """Return the moves of officers between arms that stand, newest first."""
    return ArmCrossing.objects.filter(posting__withdrawn_at=None).select_related(
        "officer", "from_station", "to_station"
    )


def officers(*, on: date) -> QuerySet[Officer]:
    """Return every officer by code, with `station_now`, the code of the station where she serves on a day."""
    serving = Posting.objects.serving(on).filter(officer=OuterRef("pk"))
    return (
        Officer.objects.select_related("user")
        .annotate(station_now=Subquery(serving.values("station__code")[:1]))
        .order_by("code")
    )


def found_officers(*, code: str, station: Station | None, on: date) -> QuerySet[Officer]:
    """Return the officers whose code holds a text, and who serve at a station on a day if one is asked for."""
    found = officers(on=on).filter(code__icontains=code)
    if station is None:
        return found
    return found.filter(postings__in=Posting.objects.serving(on).filter(station=station))


def postings_of(officer: Officer) -> QuerySet[Posting]:
    """Return an officer's postings, newest first, the withdrawn among them."""
    return officer.postings.select_related("station__district").order_by("-starts_on", "-id")


def free_accounts() -> QuerySet[User]:
    """Return the police accounts that are no officer's yet, by user name."""
    return User.objects.filter(role__in=POLICE_ROLES, officer=None, is_active=True).order_by("username")


def district_names() -> dict[str, str]:
    """Return the names of the districts of the frame by their codes (ubigeo)."""
    return dict(District.objects.values_list("ubigeo", "name"))


def eligibility_rule() -> EligibilityRule:
    """Return the rule that the protocol sets."""
    settings = current_protocol().sampling.eligibility
    return EligibilityRule(settings.min_officers, settings.min_family_violence_officers)


def frame_rows() -> list[FrameRow]:
    """Return every station of the frame as it is listed, by code."""
    rule = eligibility_rule()
    columns = ("code", "name", "officers", "family_violence_officers", "ipv_reports")
    return [
        FrameRow(
            district=row.pop("district__name"),
            exclusions=rule.exclusions(
                officers=row["officers"], family_violence_officers=row["family_violence_officers"]
            ),
            **row,
        )
        for row in Station.objects.order_by("code").values("district__name", *columns)
    ]


def frozen_frames() -> QuerySet[Frame]:
    """Return the frozen frames without their content, the newest first, with their numbers of stations and draws."""
    return (
        Frame.objects.defer("stations", "districts")
        .annotate(
            station_count=Func(F("stations"), function="jsonb_array_length", output_field=IntegerField()),
            draw_count=Count("allocations"),
        )
        .order_by("-id")
    )


def design_of_draw(allocation: Allocation) -> Design:
    """Return the design that a draw was made by."""
    return Design.model_validate(allocation.certificate["design"])


def balance_of(allocation: Allocation) -> list[BalanceRow]:
    """Compare the arms of a draw on the protocol's covariates, from the frozen frame it was drawn from."""
    return balance_table(
        allocation.certificate["assignment"],
        frame_covariates(
            allocation.frame.stations,
            allocation.frame.districts,
            covariates=protocol_of(allocation.protocol).allocation.balance_covariates,
        ),
        design_of_draw(allocation).arm_codes,
    )


def reach_of(allocation: Allocation) -> list[Reach]:
    """Return the smallest p that each contrast can reach with this draw."""
    certificate, design = allocation.certificate, design_of_draw(allocation)
    compared = contrasts(design.factors)
    assignment = certificate["assignment"]
    if certificate["candidates"] is not None:
        arms = [assignment[code] for code in certificate["sample"]]
        return reach_by_score(_covariates(certificate), certificate["candidates"]["cutoff"], arms, compared)
    blocks = certificate["blocks"] or {"": certificate["sample"]}
    return reach_in_blocks(list(blocks.values()), assignment, compared)


def constraint_of(allocation: Allocation) -> Constraint | None:
    """Return what the constrained method had to choose from, or None for another method. Under a second."""
    certificate, design = allocation.certificate, design_of_draw(allocation)
    if certificate["candidates"] is None:
        return None
    covariates = _covariates(certificate)
    candidates = candidates_of(covariates, arms=len(design.arms), pct=design.allocation.candidate_pct)
    space = PartitionSpace(covariates, sets=len(design.arms))
    places = [
        [place for place, code in enumerate(certificate["sample"]) if certificate["assignment"][code] == arm]
        for arm in design.arm_codes
    ]
    return Constraint(space, candidates, partition_score(space, places), tuple(certificate["sample"]))


def _covariates(certificate: Mapping[str, Any]) -> Covariates:
    part = certificate["covariates"]
    values = [part["values"][code] for code in certificate["sample"]]
    return Covariates(np.array(values, dtype=np.int64), np.array(part["weights"], dtype=np.int64))


def frame_covariates(
    stations: list[dict[str, object]], districts: list[dict[str, object]], *, covariates: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    """Return covariate → station code → value, from the plain rows of a frozen frame."""
    by_ubigeo = {district["ubigeo"]: district for district in districts}
    merged = {str(station["code"]): {**by_ubigeo[station["ubigeo"]], **station} for station in stations}
    return {covariate: {code: float(str(row[covariate])) for code, row in merged.items()} for covariate in covariates}
