"""What a study protocol file may say, and the words in which it is told what is wrong with it."""

import tomllib
from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

from accounts.errors import StudyError
from protocol.data_rights import DataRights, Releases
from protocol.parts import Code, Days, Hours, Label, Part
from protocol.planning import Assignment, Cadence, Escalation
from protocol.watching import Backups, Watching

# The numbers that the frame has of each station and its district.
Covariate = Literal[
    "officers",
    "officers_women",
    "family_violence_officers",
    "family_violence_officers_women",
    "area_km2",
    "population_2020",
    "poverty_pct_2018",
    "extreme_poverty_pct_2018",
    "hdi_2019",
]
# What a station's chance of being drawn may be proportional to.
SizeMeasure = Literal["ipv_reports", "officers", "family_violence_officers"]
Ubigeo = Annotated[str, Field(pattern=r"^\d{6}$")]


class ProtocolFileError(StudyError):
    """The protocol file cannot be used; the message has one line for each problem."""

    code = "protocol_file"
    http_status = 422


class Arm(Part):
    """One group of the trial: what its stations receive."""

    code: Code
    label: Label
    training: bool
    risk_cadence: bool


class Eligibility(Part):
    """Which stations of the frame may be drawn."""

    min_officers: Annotated[int, Field(ge=0)]
    min_family_violence_officers: Annotated[int, Field(ge=0)]


class DistrictGroup(Part):
    """Districts that belong together: strata of the sample, or a category that the arms are balanced on."""

    code: Code
    label: Label
    ubigeos: Annotated[list[Ubigeo], Field(min_length=1)]


class Sampling(Part):
    """How stations are drawn and how many women each enrols."""

    method: Literal["simple", "stratified", "pps"] = "simple"
    stations: Annotated[int, Field(ge=2)]
    women_per_station: Annotated[int, Field(ge=1)]
    # What each station is to enrol a week; None says nothing about it.
    women_per_week: Annotated[int, Field(ge=1)] | None = None
    eligibility: Eligibility
    strata: dict[Code, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    size_measure: SizeMeasure | None = None

    @model_validator(mode="after")
    def _method_has_what_it_needs(self) -> Self:
        if (self.method == "stratified") != bool(self.strata):
            raise ValueError("strata says how many stations each district group gives: for the method stratified alone")
        if self.strata and sum(self.strata.values()) != self.stations:
            raise ValueError(f"strata must add up to stations ({self.stations}), found {sum(self.strata.values())}")
        if (self.method == "pps") != (self.size_measure is not None):
            raise ValueError("size_measure says what the chance is proportional to: for the method pps alone")
        return self


class AllocationSettings(Part):
    """How drawn stations get their arms, and on which covariates the arms are balanced and compared."""

    method: Literal["simple", "stratified", "matched", "constrained"] = "simple"
    candidate_pct: Annotated[int, Field(ge=1, le=100)] = 10
    balance_covariates: Annotated[list[Covariate], Field(min_length=1)]
    balance_district_groups: bool = False
    weights: dict[Covariate | Literal["district_group"], Annotated[Decimal, Field(gt=0, le=100, decimal_places=3)]] = (
        Field(default_factory=dict)
    )

    @field_validator("weights", mode="before")
    @classmethod
    def _as_written(cls, weights: Any) -> Any:
        """Take a number as the file writes it, not as binary arithmetic rounds it."""
        return {key: _decimal(value) for key, value in weights.items()} if isinstance(weights, dict) else weights


def _decimal(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Wave(Part):
    """One round of surveys, `month` months after enrolment, open `window_days` before and after."""

    code: Code
    month: Annotated[int, Field(ge=0, le=60)]
    window_days: Annotated[int, Field(ge=0, le=60)]
    reference_period: Code
    label: Label


class Risk(Part):
    """The scale in use, after how many days each level is assessed again, and how long what is due may wait."""

    scale: Annotated[str, Field(min_length=1, max_length=32)]
    reassessment_days: Annotated[dict[Code, Days], Field(min_length=1)]
    # A high level not assessed again for so long goes to the safety officer; a lower level not decided on, likewise.
    overdue_days: Annotated[int, Field(ge=0, le=90)] = 2
    lowering_days: Annotated[int, Field(ge=1, le=90)] = 3


class Safety(Part):
    """How soon a safety case must be answered, and which missed visits make one at the levels of [escalation]."""

    alert_hours: Hours
    # A protocol that was frozen before these were known runs on their defaults.
    missed_visits: Annotated[int, Field(ge=2, le=7)] = 2
    missed_within_days: Annotated[int, Field(ge=1, le=31)] = 7


class Care(Part):
    """Whom officers and interviewers can talk to after something hard, and how many such times are too many."""

    contact: Label = Label(
        es="Línea 113, opción 5: apoyo emocional, gratuito y a toda hora",
        en="Line 113, option 5: emotional support, free, at any hour",
    )
    telephone: Annotated[str, Field(pattern=r"^\+?\d{2,15}$")] = "113"
    hard_times: Annotated[int, Field(ge=1, le=50)] = 3
    within_days: Annotated[int, Field(ge=1, le=90)] = 14


class ConsentSettings(Part):
    """The version of the consent text that the study begins with, and what may be consented to.

    Later versions of the text rule from the day that they themselves name.
    """

    version: Annotated[str, Field(min_length=1, max_length=32)]
    scopes: Annotated[list[Code], Field(min_length=1)]


class ScreeningRule(Part):
    """One condition of taking part: what the screener is asked (yes lets her pass), and how a no is counted."""

    code: Code
    question: Label
    exclusion: Label


class Screening(Part):
    """Who of those who reported can take part. The rule "adult" is decided by her age."""

    min_age: Annotated[int, Field(ge=18, le=110)]
    # How long a report says who made it, when she did not join and nothing more was heard of her.
    keep_identities_days: Annotated[int, Field(ge=30, le=3650)] = 365
    rules: Annotated[list[ScreeningRule], Field(min_length=1)]

    @model_validator(mode="after")
    def _rules_can_be_asked(self) -> Self:
        codes = [rule.code for rule in self.rules]
        if len(codes) != len(set(codes)) or "adult" not in codes:
            message = f"rules: each code may stand once, and adult must be there, found {', '.join(codes)}"
            raise ValueError(message)
        return self


class Cards(Part):
    """When a sealed card opens for the police of her station, and how often safe contact is reviewed."""

    days_before_visit: Annotated[int, Field(ge=0, le=31)] = 3
    days_after_visit: Annotated[int, Field(ge=0, le=60)] = 7
    emergency_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 60
    # More cards than this in an hour are looked at, and any card between these hours of the night.
    many_cards_an_hour: Annotated[int, Field(ge=1, le=1000)] = 20
    night_from: time = time(22)
    night_until: time = time(5)
    # Cards asked for in vain more often than this in a day are looked at, too.
    refusals_a_day: Annotated[int, Field(ge=1, le=1000)] = 3
    searches_an_hour: Annotated[int, Field(ge=1, le=1000)] = 30
    review_days: Days = 30


class Messages(Part):
    """How messages to women are sent; none goes by itself."""

    # A message that found no safe moment within these days is not sent.
    expire_days: Annotated[int, Field(ge=8, le=60)] = 14
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 10
    # After so long a sending counts as broken off; longer than any task may run.
    broken_off_minutes: Annotated[int, Field(ge=15, le=24 * 60)] = 15


class Referrals(Part):
    """After how many days somebody asks what came of a referral, and asks again."""

    follow_up_days: Annotated[int, Field(ge=1, le=90)] = 7


class Instruments(Part):
    """The questionnaires that the first wave and the others begin with."""

    baseline: Code = "baseline"
    follow_up: Code
    missed_after_days: Annotated[int, Field(ge=0, le=365)]
    # What one interviewer takes on in a week where nothing else is said of her, and how far ahead women are shared out.
    surveys_a_week: Annotated[int, Field(ge=1, le=60)] = 20
    share_ahead_days: Days = 28


class TrainingModule(Part):
    """One module that officers are taught, how long it takes, and the code of its knowledge test, if it has one."""

    number: Annotated[int, Field(ge=1, le=9)]
    hours: Annotated[int, Field(ge=1, le=40)]
    test: Code | None = None
    label: Label


class TrainingSettings(Part):
    """What officers are taught where the arm has training, in how many sessions, and who still counts as present."""

    max_sessions: Annotated[int, Field(ge=1, le=20)] = 2
    late_minutes_allowed: Annotated[int, Field(ge=0, le=480)] = 30
    modules: list[TrainingModule] = Field(default_factory=list)

    def module(self, number: int) -> TrainingModule | None:
        """Return the module of that number, None if there is none."""
        return next((module for module in self.modules if module.number == number), None)

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(module.number for module in self.modules)


class SupportLine(Part):
    """Where a woman finds help, offered in every arm."""

    name: Annotated[str, Field(min_length=1)]
    number: str = ""
    note: Label


class StudyProtocol(Part):
    """A whole protocol: everything that the study decides and the code does not."""

    code: Code
    version: Annotated[str, Field(min_length=1, max_length=32)]
    title: Label
    public_name: Annotated[str, Field(min_length=1, max_length=32)]
    timezone: Annotated[str, Field(min_length=1)]
    followup_months: Annotated[int, Field(ge=1, le=60)]
    arms: Annotated[list[Arm], Field(min_length=2)]
    sampling: Sampling
    allocation: AllocationSettings
    district_groups: list[DistrictGroup] = Field(default_factory=list)
    cadence: Cadence
    risk: Risk
    safety: Safety
    # A protocol that was frozen before this table was known runs on its defaults.
    care: Care = Care()
    waves: Annotated[list[Wave], Field(min_length=1)]
    consent: ConsentSettings
    # None in a protocol from before this table was known: nobody can be screened under it.
    screening: Screening | None = None
    # A protocol that was frozen before this table was known runs on its defaults.
    cards: Cards = Cards()
    messages: Messages = Messages()
    referrals: Referrals = Referrals()
    assignment: Assignment = Assignment()
    escalation: Escalation = Escalation()
    data_rights: DataRights = DataRights()
    releases: Releases = Releases()
    watching: Watching = Watching()
    backups: Backups = Backups()
    instruments: Instruments
    training: TrainingSettings = Field(default_factory=TrainingSettings)
    support: Annotated[list[SupportLine], Field(min_length=1)]

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            message = f"expected a time zone such as America/Lima, found {name!r}"
            raise ValueError(message) from error
        return name

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        disagreements = list(self._disagreements())
        if disagreements:
            raise ValueError("; ".join(disagreements))
        return self

    def _disagreements(self) -> Iterator[str]:
        for name, codes in (("arms", [arm.code for arm in self.arms]), ("waves", [wave.code for wave in self.waves])):
            if len(codes) != len(set(codes)):
                yield f"{name}: each code may stand once, found {', '.join(codes)}"
        months = [wave.month for wave in self.waves]
        if months != sorted(set(months)):
            yield f"waves: months must rise from wave to wave, found {months}"
        if self.sampling.stations % len(self.arms):
            yield f"sampling.stations: expected a multiple of the {len(self.arms)} arms, found {self.sampling.stations}"
        yield from self._draw_disagreements()
        if list(self.training.numbers) != sorted(set(self.training.numbers)):
            yield f"training.modules: numbers must rise from module to module, found {list(self.training.numbers)}"
        if set(self.cadence.by_level) != set(self.risk.reassessment_days):
            yield "cadence.by_level and risk.reassessment_days must name the same levels"
        if unknown := sorted(set(self.escalation.levels) - set(self.cadence.by_level)):
            yield f"escalation.levels: expected levels of cadence.by_level, found {', '.join(unknown)}"

    def _draw_disagreements(self) -> Iterator[str]:
        groups = [group.code for group in self.district_groups]
        ubigeos = [ubigeo for group in self.district_groups for ubigeo in group.ubigeos]
        if len(groups) != len(set(groups)) or len(ubigeos) != len(set(ubigeos)):
            yield "district_groups: each code and each district may stand once"
        if unknown := sorted(set(self.sampling.strata) - set(groups)):
            yield f"sampling.strata: expected codes of district_groups, found {', '.join(unknown)}"
        if self.allocation.balance_district_groups and not groups:
            yield "allocation.balance_district_groups: needs district_groups"
        if unknown := sorted(set(self.allocation.weights) - {*self.allocation.balance_covariates, "district_group"}):
            yield f"allocation.weights: expected covariates of balance_covariates, found {', '.join(unknown)}"
        if self.allocation.method == "stratified":
            yield from self._stratum_disagreements()

    def _stratum_disagreements(self) -> Iterator[str]:
        if not self.sampling.strata:
            yield "allocation.method: stratified needs a stratified sample, or its strata could not be of equal arms"
        for stratum, size in self.sampling.strata.items():
            if size % len(self.arms):
                yield f"sampling.strata.{stratum}: expected a multiple of the {len(self.arms)} arms, found {size}"

    def arm(self, code: str) -> Arm:
        """Return the arm of that code. Raises KeyError."""
        return {arm.code: arm for arm in self.arms}[code]

    def wave(self, code: str) -> Wave:
        """Return the wave of that code. Raises KeyError."""
        return {wave.code: wave for wave in self.waves}[code]


def parse_protocol(text: str, *, name: str) -> StudyProtocol:
    """Read a protocol file (TOML 1.0). Raises ProtocolFileError, one line a problem: file, key, what was expected."""
    try:
        return StudyProtocol.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"{name}: not valid TOML: {error}"
        raise ProtocolFileError(message) from error
    except ValidationError as error:
        raise ProtocolFileError(problem_lines(error, name=name)) from error


def problem_lines(error: ValidationError, *, name: str) -> str:
    """Return what is wrong with a file, one line a problem: file, key, what was expected."""
    return "\n".join(f"{name}: {_sentence(problem)}" for problem in error.errors())


def _sentence(problem: Any) -> str:
    key = _key_path(problem["loc"])
    match problem["type"]:
        case "extra_forbidden":
            return f"{key}: unknown key; check its spelling or take it out"
        case "missing":
            return f"{key}: missing; the file must say it"
        case "value_error":
            return f"{key}: {problem['ctx']['error']}" if key else str(problem["ctx"]["error"])
        case _:
            return f"{key}: {problem['msg']}, found {problem['input']!r}"


def _key_path(location: tuple[str | int, ...]) -> str:
    """Write a place in the file as its author would: arms[2].code counts from 1."""
    path = ""
    for step in location:
        path += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".").replace(".[key]", "")
