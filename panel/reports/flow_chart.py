"""The trial's flow as a picture and as the table behind it."""

from documents.flow_drawing import Line, Text, as_diagram, draw
from panel.columns import Label
from panel.reports.figures import Figure
from panel.reports.table import Table
from panel.reports.tables import TableWriter
from panel.reports.trial_flow import Arm, Stage, TrialFlow
from panel.reports.words import TABLES
from stations.eligibility import Exclusion

CODE = "trial_flow"
_TITLE = Label("De %(assessed)s al análisis: %(women)s mujeres en %(stations)s estaciones",
               "From %(assessed)s to the analysis: %(women)s women in %(stations)s stations")  # fmt: skip
_ASSESSED = Label("%s estaciones evaluadas", "%s stations assessed")
_DATA = Label("los datos", "the data")
WORDS = {
    "assessed": Label("Estaciones evaluadas", "Stations assessed"),
    "excluded": Label("Estaciones excluidas", "Stations excluded"),
    "eligible": Label("Estaciones elegibles", "Stations eligible"),
    "not_drawn": Label("Estaciones no sorteadas", "Stations not drawn"),
    "drawn": Label("Estaciones sorteadas", "Stations drawn"),
    "in_data": Label("Estaciones en los datos", "Stations in the data"),
    "stations": Label("Estaciones", "Stations"),
    "reports": Label("Denunciaron", "Reported"),
    "analysis": Label("Análisis", "Analysis"),
    "wave": Label("Ola %s", "Wave %s"),
    "to_screen": Label("Por evaluar", "To screen"),
    "unreachable": Label("No ubicadas", "Not reached"),
    "not_eligible": Label("No elegibles", "Not eligible"),
    "refused": Label("No quieren participar", "Do not want to"),
    "to_enrol": Label("Por enrolar", "To enrol"),
    "enrolled": Label("Mujeres enroladas", "Women enrolled"),
    "answered": Label("Con respuesta", "Answered"),
    "not_answered": Label("Sin respuesta", "Not answered"),
    "why_refused": Label("No quiso responder", "Did not want to"),
    "why_not_asked": Label("No se le preguntó", "Not asked"),
    "why_not_applicable": Label("No corresponde", "Not applicable"),
    "why_lost": Label("No se la ubicó o se fue", "Not reached, or gone"),
    "why_not_due": Label("Aún no corresponde", "Not due yet"),
    "armless": Label("Sin mujeres en los datos ni grupo", "No woman in the data, no arm known"),
    "empty": Label("Sin mujeres en los datos", "No woman in the data"),
    "analysed": Label("Analizadas", "Analysed"),
    "without_follow_up": Label("Sin seguimiento", "Without follow-up"),
    Exclusion.TOO_FEW_OFFICERS: Label("Poco personal", "Few officers"),
    Exclusion.NO_FAMILY_VIOLENCE_OFFICERS: Label("nadie para familia", "none for family matters"),
    "stage": Label("Etapa", "Stage"),
    "line": Label("Línea", "Line"),
    "total": Label("Total", "Total"),
}
_SIZES = Label("De %(least)s a %(most)s mujeres, mediana %(median)g",
               "%(least)s to %(most)s women each, median %(median)g")  # fmt: skip
_IN = Label("En %s de sus estaciones", "In %s of its stations")
_HIDDEN = "·"


class FlowWriter:
    """The flow of one analysis in one language."""

    def __init__(self, flow: TrialFlow, writer: TableWriter, language: str) -> None:
        self._flow, self._writer, self._language = flow, writer, language

    def figure(self) -> Figure:
        """Return the picture: stations to the draw, then each arm from reports to the analysis."""
        branches = [
            [self._arm_box(arm), *(self._stage_box(stage, place) for stage in self._flow.stages)]
            for place, arm in enumerate(self._flow.arms)
        ]
        drawing = draw(self._trunk(), branches)
        return Figure(CODE, self._title(), as_diagram(drawing), CODE)

    def table(self) -> Table:
        """Return the numbers of the picture: a row for each line of each stage, the arms and the total as columns."""
        rows = [
            (self._name(stage), self._say(line), *(_shown(count) for count in stage.table[place]))
            for stage in self._flow.stages
            for place, line in enumerate(stage.lines)
        ]
        header = (self._say("stage"), self._say("line"), *(arm.name for arm in self._flow.arms), self._say("total"))
        title = TABLES[CODE].in_language(self._language)
        return Table(CODE, title, header, tuple(rows), self._writer.marks("described"), is_of_chart=True)

    def _say(self, code: str) -> str:
        return WORDS[code].in_language(self._language)

    def _title(self) -> str:
        enrolment, last = self._flow.enrolment, self._flow.stages[-1]
        begins = _DATA.in_language(self._language)
        if enrolment is not None:
            begins = _ASSESSED.in_language(self._language) % enrolment.assessed
        return _TITLE.in_language(self._language) % {
            "assessed": begins,
            "women": _shown(last.table[-1][-1]),
            "stations": sum(arm.stations - arm.empty for arm in self._flow.arms),
        }

    def _trunk(self) -> list[tuple[Text, Text | None]]:
        known = self._flow.enrolment
        # Drawn stations that no branch below can show.
        armless = self._stations_box("armless", self._flow.armless) if self._flow.armless else None
        if known is None:
            in_data = sum(arm.stations - arm.empty for arm in self._flow.arms)
            return [(self._stations_box("in_data", in_data), armless)]
        reasons = tuple(Line(" + ".join(map(self._say, codes)), count) for codes, count in known.excluded)
        not_drawn = Text(self._say("not_drawn"), (Line(self._say("stations"), known.eligible - known.drawn),))
        return [
            (self._stations_box("assessed", known.assessed), Text(self._say("excluded"), reasons)),
            (self._stations_box("eligible", known.eligible), not_drawn),
            (self._stations_box("drawn", known.drawn), armless),
        ]

    def _stations_box(self, title: str, number: int) -> Text:
        return Text(self._say(title), (Line(self._say("stations"), number),))

    def _arm_box(self, arm: Arm) -> Text:
        note = ""
        if arm.sizes is not None:
            least, median, most = arm.sizes
            note = _SIZES.in_language(self._language) % {"least": least, "median": median, "most": most}
        empty = (Line(self._say("empty"), arm.empty),) if arm.empty else ()
        return Text(arm.name, (Line(self._say("stations"), arm.stations), *empty), note)

    def _stage_box(self, stage: Stage, place: int) -> Text:
        lines = [Line(self._say(line), stage.table[row][place]) for row, line in enumerate(stage.lines)]
        title = f"{self._name(stage)}: {_shown(stage.table[-1][place])}"
        return Text(title, tuple(lines), _IN.in_language(self._language) % stage.stations[place])

    def _name(self, stage: Stage) -> str:
        if stage.name in WORDS:
            return self._say(stage.name)
        return self._say("wave") % stage.name


def _shown(count: int | None) -> str:
    return _HIDDEN if count is None else str(count)
