"""What the fields of stations/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed(
        "stations.District",
        quasi_identifier="ubigeo name area_km2 population_2020 poverty_pct_2018 extreme_poverty_pct_2018 hdi_2019 "
        "latitude longitude",
    ),
    **classed(
        "stations.Station",
        quasi_identifier="code district name officers officers_women family_violence_officers "
        "family_violence_officers_women ipv_reports",
        internal="id",
    ),
    **classed(
        "stations.Frame",
        identifier="frozen_by",
        quasi_identifier="stations districts",
        internal="id sha256 frozen_at",
    ),
    **classed(
        "stations.Allocation",
        identifier="drawn_by locked_by",
        quasi_identifier="certificate",
        study="method status",
        internal="id frame protocol commitment seed public_draw blinding_nonce drawn_at locked_at",
    ),
    **classed(
        "stations.Commitment",
        identifier="committed_by abandoned_by",
        internal="id frame protocol sha256 nonce public_draw_source committed_at abandoned_at abandoned_reason",
    ),
    **classed("stations.Approval", identifier="approved_by", internal="id allocation approved_at accepted_contrasts"),
    **classed(
        "stations.StationLoss",
        identifier="recorded_by",
        quasi_identifier="allocated lost_on reason",
        internal="id recorded_at",
    ),
    **classed("stations.AllocationCheck", internal="id checked_at problem"),
    **classed(
        "stations.AllocatedStation",
        quasi_identifier="station study_number blinded_letter inclusion_probability",
        study="arm blinded_group",
        internal="id allocation",
    ),
    **classed("stations.Officer", identifier="code user", quasi_identifier="is_woman", internal="id"),
    **classed(
        "stations.Posting",
        identifier="officer",
        quasi_identifier="station starts_on ends_on withdrawn_reason",
        internal="id follows withdrawn_at",
    ),
    **classed(
        "stations.ArmCrossing",
        identifier="officer",
        quasi_identifier="from_station to_station last_day_there first_day_here",
        internal="id posting",
    ),
}
