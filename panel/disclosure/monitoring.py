"""What the fields of monitoring/ can give away."""

from panel.columns import Disclosure
from panel.disclosure.classing import classed

FIELDS: dict[str, Disclosure] = {
    **classed("monitoring.JobHeartbeat", internal="job started_at finished_at succeeded_at error failed_steps runs"),
    **classed(
        "monitoring.DoseWeek",
        internal=(
            "id station monday done refused unsafe not_met missed to_come on_time without_officers beside_plan women "
            "women_above_usual short counted_at"
        ),
    ),
    **classed("monitoring.BackupReport", internal="id made_at size_bytes place sha256 restored_on recorded_at"),
    **classed("monitoring.Lateness", internal="id what began_at over_at"),
    **classed("monitoring.StaffMessage", internal="id kind about to attempts tried_at claimed_at sent_at"),
    **classed("monitoring.LastMorning", internal="user day counts"),
}
