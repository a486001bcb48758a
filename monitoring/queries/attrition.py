"""Why surveys were missed, by the station that enrolled: one statement whatever is stored."""

from django.db.models import Count

from monitoring.attrition import Missed
from surveys.models import SurveyCase


def missed_surveys() -> list[Missed]:
    """Return the missed surveys by station and reason. A station tells its arm: see `group_reason_table`."""
    missed = SurveyCase.objects.filter(status=SurveyCase.Status.MISSED).order_by()
    counted = missed.values_list("participant__enrolled_station", "missed_reason").annotate(cases=Count("pk"))
    return [Missed(*row) for row in counted.order_by("participant__enrolled_station", "missed_reason")]
