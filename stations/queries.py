"""Reading stations, the allocation, and where people serve."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, F, Func, IntegerField, QuerySet

from accounts.models import User
from protocol.queries import current_protocol, protocol_of
from stations.allocation import BalanceRow, balance_table
from stations.eligibility import EligibilityRule, Exclusion
from stations.frame_listing import FrameRow
from stations.models import AllocatedStation, Allocation, Frame, Posting, Station


def locked_allocation() -> Allocation | None:
    """Return the allocation that the study runs on, if one is locked."""
    return Allocation.objects.filter(status=Allocation.Status.LOCKED).first()


def study_stations() -> QuerySet[AllocatedStation]:
    """Return the drawn stations of the locked allocation, by study number."""
    return (
        AllocatedStation.objects.filter(allocation__status=Allocation.Status.LOCKED)
        .select_related("station")
        .order_by("study_number")
    )


def risk_cadence_station_ids() -> set[int]:
    """Return the ids of the stations where the risk level decides the visits: all that planning learns of the arm."""
    arms = {arm.code for arm in current_protocol().arms if arm.risk_cadence}
    return set(study_stations().filter(arm__in=arms).values_list("station_id", flat=True))


def trained_station_ids() -> set[int]:
    """Return the ids of the stations whose arm includes the training."""
    arms = {arm.code for arm in current_protocol().arms if arm.training}
    return set(study_stations().filter(arm__in=arms).values_list("station_id", flat=True))


def study_codes() -> dict[int, str]:
    """Return station id → study code ("Estación 07") for the drawn stations."""
    return {drawn.station_id: drawn.study_code for drawn in study_stations()}


def station_ids_of(user: User, *, on: date) -> set[int]:
    """Return the ids of the stations where a person serves on a day: one, or none."""
    postings = Posting.objects.serving(on).filter(officer__user=user)
    return set(postings.values_list("station_id", flat=True))


def eligibility_rule() -> EligibilityRule:
    """Return the rule that the protocol sets."""
    settings = current_protocol().sampling.eligibility
    return EligibilityRule(settings.min_officers, settings.min_family_violence_officers)


def frame_with_exclusions() -> list[tuple[Station, tuple[Exclusion, ...]]]:
    """Return every station of the frame, by code, with the reasons against drawing it."""
    rule = eligibility_rule()
    return [
        (
            station,
            rule.exclusions(officers=station.officers, family_violence_officers=station.family_violence_officers),
        )
        for station in Station.objects.select_related("district").order_by("code")
    ]


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


def balance_of(allocation: Allocation) -> list[BalanceRow]:
    """Compare the arms of a draw on the protocol's covariates, from the frozen frame it was drawn from."""
    return balance_table(
        allocation.certificate["assignment"],
        frame_covariates(
            allocation.frame.stations,
            allocation.frame.districts,
            covariates=protocol_of(allocation.protocol).allocation.balance_covariates,
        ),
        allocation.certificate["arms"],
    )


def frame_covariates(
    stations: list[dict[str, object]], districts: list[dict[str, object]], *, covariates: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    """Return covariate → station code → value, from the plain rows of a frozen frame."""
    by_ubigeo = {district["ubigeo"]: district for district in districts}
    merged = {str(station["code"]): {**by_ubigeo[station["ubigeo"]], **station} for station in stations}
    return {covariate: {code: float(str(row[covariate])) for code, row in merged.items()} for covariate in covariates}
