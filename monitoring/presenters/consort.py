"""The flow in words: one declaration for the drawing, the table beside it, the file and the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.numbers import grouped_count
from documents.flow_drawing import Drawing, Line, Text, draw
from monitoring.consort import Group, Sizes, Stage, sizes, wave_stage
from stations.frame_listing import EligibilityFlow
from stations.presenters.frame import EXCLUSIONS

LINES: Mapping[str, str | Promise] = {
    "to_screen": _("To screen"),
    "unreachable": _("Not reached"),
    "not_eligible": _("Not eligible"),
    "refused": _("Does not want to"),
    "to_enrol": _("To enrol"),
    "enrolled": _("Women enrolled"),
    "done": _("Survey answered"),
    "partial": _("Answered in part"),
    "missed": _("Survey missed"),
    "left": _("Had left by then"),
    "waiting": _("Survey to come"),
    "analysed": _("Analysed"),
    "without_follow_up": _("Without follow-up"),
    "not_given_out": _("Data not given out"),
}


@dataclass(frozen=True, slots=True)
class StageTable:
    """One stage as a table: its name, and a line for each count with the groups and the total as columns."""

    title: str
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FlowWords:
    """What the page says of groups and stages: labels by key and by stage's name."""

    groups: Mapping[str, str]
    stages: Mapping[str, str]


def flow_words(groups: Sequence[Group], arms: Mapping[str, str], waves: Sequence[str]) -> FlowWords:
    """Return the words: an arm's own name if `arms` has it, or else "Group 2"."""
    named = {group.key: arms.get(group.key) or gettext("Group %(number)s") % {"number": group.key} for group in groups}
    by_wave = {wave_stage(number): label for number, label in enumerate(waves)}
    return FlowWords(named, {"reports": gettext("Reported"), **by_wave, "analysis": gettext("Analysis")})


def stage_tables(found: Sequence[Stage], words: FlowWords) -> list[StageTable]:
    """Return every stage as a table; the last line is the total."""
    return [
        StageTable(
            title=words.stages[stage.name],
            rows=(
                *((str(LINES[line]), stage.row(line)) for line in stage.lines),
                (gettext("Women"), stage.totals),
            ),
            clusters=stage.clusters,
        )
        for stage in found
    ]


def flow_finding(eligibility: EligibilityFlow, found: Sequence[Stage]) -> str:
    """Say in one sentence how far the trial is; "" where small numbers keep it from being said."""
    if not found:
        return gettext("%(eligible)s of %(assessed)s stations are eligible") % {
            "eligible": eligibility.eligible,
            "assessed": eligibility.assessed,
        }
    analysis = found[-1]
    analysed, enrolled = analysis.row("analysed")[-1], analysis.totals[-1]
    if analysed is None or enrolled is None:
        return ""
    return gettext("%(analysed)s of %(enrolled)s women enrolled would be analysed today") % {
        "analysed": grouped_count(analysed),
        "enrolled": grouped_count(enrolled),
    }


def flow_drawing(
    eligibility: EligibilityFlow,
    groups: Sequence[Group],
    found: Sequence[Stage],
    words: FlowWords,
    *,
    women: Mapping[int, int],
    hides_small: bool,
    opens_lists: bool,
) -> Drawing:
    """Return the drawing: stations assessed, eligible and drawn, then each group from reports to the analysis."""
    drawn = sum(len(group.stations) for group in groups)
    trunk = _trunk(eligibility, drawn)
    branches = [
        [
            _group_box(group, words, sizes(group, women, hides_small=hides_small)),
            *(_stage_box(stage, place, group, words, opens_lists=opens_lists) for stage in found),
        ]
        for place, group in enumerate(groups)
    ]
    return draw(trunk, branches)


def _trunk(eligibility: EligibilityFlow, drawn: int) -> list[tuple[Text, Text | None]]:
    excluded = tuple(
        Line(" + ".join(str(EXCLUSIONS[reason]) for reason in reasons), count)
        for reasons, count in eligibility.excluded.items()
    )
    left_out = Text(gettext("Stations excluded"), (*excluded, Line(gettext("Together"), eligibility.excluded_in_all)))
    not_drawn = Text(gettext("Stations not drawn"), (Line(gettext("Stations"), eligibility.eligible - drawn),))
    trunk: list[tuple[Text, Text | None]] = [
        (_stations_box(gettext("Stations assessed"), eligibility.assessed), left_out),
        (_stations_box(gettext("Stations eligible"), eligibility.eligible), not_drawn if drawn else None),
    ]
    return [*trunk, (_stations_box(gettext("Stations drawn"), drawn), None)] if drawn else trunk


def _stations_box(title: str, number: int) -> Text:
    return Text(title, (Line(gettext("Stations"), number),))


def _group_box(group: Group, words: FlowWords, size: Sizes | None) -> Text:
    lines = [Line(gettext("Stations"), len(group.stations))]
    if group.lost:
        lines.append(Line(gettext("of them lost"), group.lost))
    note = ""
    if size is not None:
        note = gettext("Women in each: %(least)s to %(most)s, median %(median)g") % {
            "least": size.least, "most": size.most, "median": size.median,
        }  # fmt: skip
    return Text(words.groups[group.key], tuple(lines), note)


def _stage_box(stage: Stage, place: int, group: Group, words: FlowWords, *, opens_lists: bool) -> Text:
    title = words.stages[stage.name]
    total = stage.totals[place]
    lines = [
        Line(str(LINES[line]), stage.row(line)[place], list_url(stage, line, group, place) if opens_lists else "")
        for line in stage.lines
        if stage.row(line)[place] != 0
    ]
    note = gettext("In %(clusters)s of its stations") % {"clusters": stage.clusters[place]}
    is_reached = bool(stage.row(stage.reached)[place])
    return Text(f"{title}: {'·' if total is None else total}", tuple(lines), note if is_reached else "")


def list_url(stage: Stage, line: str, group: Group, place: int) -> str:
    """Return where the women of a line of one group are listed; "" for too few to show, and who was not enrolled."""
    if (stage.name == "reports" and line != "enrolled") or stage.row(line)[place] is None:
        return ""
    return reverse("trial_flow_list", args=[stage.name, line, group.key])
