"""Words that the data sets share: bands, statuses and reasons, and what protocol and scale decide."""

from dataclasses import dataclass

from panel.columns import Label, Values

SHARED_BY = 4
"""So many stations at least share what is told of one, or it is not told."""

AGE_BANDS: Values = (
    ("1", Label("18 a 24", "18 to 24")),
    ("2", Label("25 a 34", "25 to 34")),
    ("3", Label("35 a 44", "35 to 44")),
    ("4", Label("45 a 54", "45 to 54")),
    ("5", Label("55 o más", "55 or more")),
)
AGE_BAND_STARTS = (25, 35, 45, 55)
"""First year of age of each band but the lowest."""

SURVEY_STATUSES: Values = (
    ("done", Label("Respondida", "Answered")),
    ("partial", Label("Respondida en parte", "Answered in part")),
    ("refused", Label("No quiso responder", "Refused")),
    ("missed", Label("Perdida", "Missed")),
    ("cancelled", Label("Cancelada: dejó el estudio", "Cancelled: she left the study")),
    ("open", Label("Pendiente", "Open")),
    ("not_due", Label("Aún no corresponde", "Not due yet")),
)
MISSING_REASONS: Values = (
    ("not_reached", Label("No se la pudo contactar", "Not reached")),
    ("no_privacy", Label("Nunca hubo privacidad", "Never in private")),
    ("unsafe", Label("No era seguro contactarla", "Not safe to contact her")),
    ("travelling", Label("Estaba de viaje", "Travelling")),
    ("unable", Label("Estaba enferma o no podía", "Ill or unable")),
    ("language", Label("Sin un idioma en común", "No language in common")),
    ("nobody_went", Label("Nadie pudo ir", "Nobody could go")),
    ("paused", Label("En pausa", "Paused")),
    ("her_choice", Label("Ella lo decidió", "Her choice")),
    ("not_renewed", Label("No firmó el texto nuevo a tiempo", "Newer text not signed in time")),
    ("moved", Label("Se mudó", "Moved away")),
    ("lost", Label("Perdida del seguimiento", "Lost to follow-up")),
    ("deceased", Label("Falleció", "Deceased")),
    ("completed", Label("Terminó el seguimiento", "Follow-up completed")),
    ("other", Label("Otra razón", "Another reason")),
)


@dataclass(frozen=True, slots=True)
class StudyTerms:
    """What protocol and scale decide of a data set's labels: waves by number, groups, levels by rank.

    `arms` name the groups by number; there are none before unblinding is recorded.
    """

    waves: tuple[Label, ...]
    groups: int
    levels: tuple[Label, ...]
    arms: Values = ()
