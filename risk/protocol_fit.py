"""How a scale and the study's protocol fit together: the protocol decides, and what it overrules is told."""

from collections.abc import Iterator

from protocol.schema import StudyProtocol
from risk.scale_file import Scale


def differences(scale: Scale, protocol: StudyProtocol) -> Iterator[str]:
    """Yield in a sentence each where the study's scale and its protocol differ, by level."""
    days, visits = protocol.risk.reassessment_days, protocol.cadence.by_level
    if unknown := [code for code in scale.ranks if code not in days]:
        yield f"the protocol does not know the levels {', '.join(unknown)}: nobody can be assessed until it does"
    if idle := [code for code in days if code not in scale.ranks]:
        yield f"the protocol names the levels {', '.join(idle)}, which the scale has not"
    for band in scale.levels:
        for what, advised, decided in (
            ("reassessment_days", band.reassessment_days, days.get(band.code)),
            ("visits_a_week", band.visits_a_week, visits.get(band.code)),
        ):
            if advised is not None and decided is not None and advised != decided:
                yield f"level {band.code}, {what}: the scale says {advised}, the protocol {decided}, which counts"
