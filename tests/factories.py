"""Plain, believable objects for tests: one factory per model, all names invented."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.roles import Role
from participants import sealing, vault
from participants.identity import Identity
from participants.models import Consent, ConsentText, Participant, SafeContactPlan, SealedCard, VaultKey
from protocol.models import ProtocolVersion
from referrals.models import Referral, ReferralStep, SupportService
from risk import models as risk_models
from risk.scale_source import SHIPPED, read_scale
from stations.models import (
    AllocatedStation,
    Allocation,
    Approval,
    Commitment,
    District,
    Frame,
    Officer,
    Posting,
    Station,
)
from tests.present import START, days_ago, on_day, present
from visits.models import Visit, WeekPlan
from visits.weeks import monday_of

NOW, TODAY = START, START.date()  # a Wednesday, 10:00 in Lima
_CHECKOUT = Path(__file__).resolve().parent.parent
PROTOCOL_FILE = _CHECKOUT / "protocol" / "studies" / "peru_home_visits.toml"
CONSENT_FILE = _CHECKOUT / "participants" / "consent_texts" / "1.toml"
PASSWORD = "una-clave-larga-7"

# The numbers below all have as many digits: as text they sort as they were made, however many tests ran before.


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"persona{n:06d}")
    display_name = factory.Sequence(lambda n: f"Persona {n:06d}")
    role = Role.OFFICER
    # An unusable password: tests that sign in by the form set one themselves.
    password = "!"


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District

    # No district of Peru, whose codes begin with 01 to 25.
    ubigeo = factory.Sequence(lambda n: f"{300_000 + n}")
    name = factory.Sequence(lambda n: f"Distrito {n:06d}")
    area_km2 = Decimal("21.98")
    population_2020 = 200_000
    poverty_pct_2018 = Decimal("12.50")
    extreme_poverty_pct_2018 = Decimal("0.60")
    hdi_2019 = Decimal("0.7200")
    latitude = Decimal("-12.04528")
    longitude = Decimal("-77.03083")


class StationFactory(DjangoModelFactory):
    class Meta:
        model = Station

    # No station of the census, whose codes are digits.
    code = factory.Sequence(lambda n: f"S{n:06d}")
    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"Comisaría {n:06d}")
    officers = 80
    officers_women = 9
    family_violence_officers = 4
    family_violence_officers_women = 2


class OfficerFactory(DjangoModelFactory):
    """An officer with an account; `posted_at` posts her from long ago."""

    class Meta:
        model = Officer
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"OF{n:06d}")
    user = factory.SubFactory(UserFactory)

    @factory.post_generation
    def posted_at(obj, create, extracted, **kwargs):
        if extracted:
            PostingFactory(officer=obj, station=extracted)


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    officer = factory.SubFactory(OfficerFactory)
    station = factory.SubFactory(StationFactory)
    starts_on = date(2020, 1, 1)


class ParticipantFactory(DjangoModelFactory):
    """An enrolled woman with consent to visits and surveys, safe on every day from 9 to 18."""

    class Meta:
        model = Participant
        skip_postgeneration_save = True

    # Far from the codes that enrolment gives out.
    study_code = factory.Sequence(lambda n: f"P9{n:06d}")
    station = factory.SubFactory(StationFactory)
    enrolled_station = factory.SelfAttribute("station")
    status_changed_at = days_ago(60)
    enrolled_on = on_day(-60)
    age_at_enrolment = 34

    @factory.post_generation
    def scopes(obj, create, extracted, **kwargs):
        for scope in extracted if extracted is not None else ("visits", "surveys"):
            ConsentFactory(participant=obj, scope=scope)

    @factory.post_generation
    def safe_weekdays(obj, create, extracted, **kwargs):
        SafeContactPlanFactory(participant=obj, safe_weekdays=extracted or [1, 2, 3, 4, 5, 6, 7])

    @factory.post_generation
    def identity(obj, create, extracted, **kwargs):
        seal(obj, extracted or Identity("Rosa Quispe Huamán", document="45678901", address="Jr. Los Jilgueros 123"))


def seal(participant: Participant, identity: Identity) -> None:
    """Seal a card as enrolment does, without the keyed hashes."""
    ring, code = sealing.configured_keyring(), participant.study_code
    key = vault.new_data_key(ring, study_code=code)
    VaultKey.objects.create(participant=participant, master_key_id=key.master_key_id, wrapped=key.data)
    sealed = vault.seal(ring, key, identity.to_bytes(), study_code=code, purpose=sealing.CARD)
    SealedCard.objects.create(participant=participant, ciphertext=sealed, sealed_at=present.now - timedelta(days=60))


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    participant = factory.SubFactory(ParticipantFactory)
    scope = Consent.Scope.VISITS
    text_version = "1"
    given_at = days_ago(60)


class SafeContactPlanFactory(DjangoModelFactory):
    class Meta:
        model = SafeContactPlan

    participant = factory.SubFactory(ParticipantFactory)
    safe_weekdays = factory.LazyFunction(lambda: [1, 2, 3, 4, 5, 6, 7])
    safe_from = time(9)
    safe_until = time(18)
    reviewed_at = days_ago(60)


class WeekPlanFactory(DjangoModelFactory):
    class Meta:
        model = WeekPlan

    participant = factory.SubFactory(ParticipantFactory)
    monday = factory.LazyFunction(lambda: monday_of(present.today))
    target = 2
    reason = WeekPlan.Reason.WEEKLY
    planned_at = days_ago(3)


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    plan = factory.SubFactory(WeekPlanFactory)
    participant = factory.SelfAttribute("plan.participant")
    station = factory.SelfAttribute("participant.station")
    planned_on = on_day(0)
    window_from = time(9)
    window_until = time(18)
    grace_ends_at = factory.LazyAttribute(
        lambda visit: datetime.combine(visit.planned_on + timedelta(days=2), time(5), UTC)
    )
    status_changed_at = days_ago(3)


class ProtocolVersionFactory(DjangoModelFactory):
    """The shipped protocol, in force."""

    class Meta:
        model = ProtocolVersion
        django_get_or_create = ("is_active",)

    code = "peru_home_visits"
    version = "1"
    sha256 = "a" * 64
    source = factory.LazyFunction(lambda: PROTOCOL_FILE.read_text(encoding="utf-8"))
    is_active = True
    loaded_at = days_ago(400)


class FrameFactory(DjangoModelFactory):
    class Meta:
        model = Frame

    sha256 = factory.Sequence(lambda n: f"{n:064d}")
    stations = factory.LazyFunction(list)
    districts = factory.LazyFunction(list)
    frozen_at = days_ago(390)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    frame = factory.SubFactory(FrameFactory)
    protocol = factory.SubFactory(ProtocolVersionFactory)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    nonce = b"1" * 32
    public_draw_source = "A public draw"
    committed_at = days_ago(385)


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = Allocation

    frame = factory.SubFactory(FrameFactory)
    protocol = factory.SubFactory(ProtocolVersionFactory)
    commitment = factory.SubFactory(CommitmentFactory)
    method = "constrained"
    seed = "7"
    public_draw = "0007"
    blinding_nonce = b"0" * 32
    certificate = factory.LazyFunction(dict)
    drawn_at = days_ago(380)


def lock_allocation(arms: dict[Station, str]) -> Allocation:
    """Allocate these stations to these arms, approved by two: after that the database lets no station join."""
    allocation = AllocationFactory(certificate={"assignment": {station.code: arm for station, arm in arms.items()}})
    for number, (station, arm) in enumerate(arms.items(), start=1):
        AllocatedStation.objects.create(
            allocation=allocation,
            station=station,
            arm=arm,
            study_number=number,
            blinded_letter=chr(ord("A") + number - 1),
            blinded_group=1,
            inclusion_probability=1,
        )
    return locked(allocation, on=present.now - timedelta(days=370))


def locked(allocation: Allocation, *, on: datetime) -> Allocation:
    """Let two people approve, and lock."""
    for role in (Role.ADMINISTRATOR, Role.STATISTICIAN):
        Approval.objects.create(allocation=allocation, approved_by=UserFactory(role=role), approved_at=on)
    allocation.status, allocation.locked_at = Allocation.Status.LOCKED, on
    allocation.save()
    return allocation


class ScaleFactory(DjangoModelFactory):
    """The shipped FVR, loaded."""

    class Meta:
        model = risk_models.Scale
        django_get_or_create = ("code", "version")

    code = "FVR_PAREJA"
    version = "2019.1"
    sha256 = "f" * 64
    content = factory.LazyFunction(lambda: read_scale(SHIPPED["FVR_PAREJA"]).model_dump(mode="json"))
    loaded_at = days_ago(400)


class AssessmentFactory(DjangoModelFactory):
    """A complete form with NO throughout: 4, leve."""

    class Meta:
        model = risk_models.Assessment

    participant = factory.SubFactory(ParticipantFactory)
    scale = factory.SubFactory(ScaleFactory)
    assessed_at = days_ago(30)
    answers = factory.LazyAttribute(lambda obj: {item["id"]: "no" for item in obj.scale.content["items"]})
    overrides = factory.LazyFunction(lambda: {"pregnancy": None})
    score = 4
    is_complete = True
    computed_level = "leve"
    level = "leve"
    level_rank = 0


class LoweringFactory(DjangoModelFactory):
    """A form that comes to leve while severo 1 is held; it waits."""

    class Meta:
        model = risk_models.Lowering

    assessment = factory.SubFactory(AssessmentFactory, level="severo_1", level_rank=2, assessed_at=days_ago(1))
    participant = factory.SelfAttribute("assessment.participant")
    from_level, from_rank = "severo_1", 2
    to_level, to_rank = "leve", 0
    proposed_at = days_ago(1)
    due_at = days_ago(-2)


class CurrentRiskFactory(DjangoModelFactory):
    class Meta:
        model = risk_models.CurrentRisk

    assessment = factory.SubFactory(AssessmentFactory)
    participant = factory.SelfAttribute("assessment.participant")
    level = factory.SelfAttribute("assessment.level")
    level_rank = factory.SelfAttribute("assessment.level_rank")
    since = factory.SelfAttribute("assessment.assessed_at")
    reassess_due_on = on_day(30)


class ConsentTextFactory(DjangoModelFactory):
    """The shipped text, loaded."""

    class Meta:
        model = ConsentText
        django_get_or_create = ("version",)

    version = "1"
    sha256 = factory.LazyAttribute(lambda text: hashlib.sha256(text.source.encode()).hexdigest())
    source = factory.LazyFunction(lambda: CONSENT_FILE.read_text(encoding="utf-8"))
    valid_from = date(2020, 1, 1)
    loaded_at = days_ago(400)


class SupportServiceFactory(DjangoModelFactory):
    """A line that serves the whole country."""

    class Meta:
        model = SupportService

    code = factory.Sequence(lambda n: f"linea_{n:06d}")
    kind = "line"
    name_es = factory.Sequence(lambda n: f"Línea {n:06d}")
    name_en = factory.Sequence(lambda n: f"Line {n:06d}")
    purpose_es, purpose_en = "Orientación", "Advice"
    hours_es, hours_en = "Todos los días", "Every day"
    for_whom_es, for_whom_en = "Cualquier persona", "Anyone"
    telephone = "100"
    source = "Ejemplo"
    valid_from = days_ago(400)


class ReferralFactory(DjangoModelFactory):
    """An offer of today that awaits her answer, with its first step."""

    class Meta:
        model = Referral
        skip_postgeneration_save = True

    participant = factory.SubFactory(ParticipantFactory)
    service = factory.SubFactory(SupportServiceFactory)
    team = Referral.Team.STATION
    offered_by = factory.SubFactory(UserFactory)
    offered_at = days_ago(0)
    due_on = on_day(7)

    @factory.post_generation
    def first_step(obj, create, extracted, **kwargs):
        said = {"status": obj.status, "happened_on": present.today, "recorded_at": present.now}
        ReferralStep.objects.create(referral=obj, recorded_by=obj.offered_by, **said)
