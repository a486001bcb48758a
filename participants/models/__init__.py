"""The women of the study by study code; who they are lies sealed in the vault tables."""

from participants.models.access import AccessNotice, AccessSweep, Conflict, EmergencyOpening, NoticeTold
from participants.models.consent_texts import ConsentText
from participants.models.consents import Consent, ConsentQuerySet
from participants.models.contacts import ContactOverride, ContactReview
from participants.models.erasures import Erasure
from participants.models.history import StatusChange, StatusChangeQuerySet
from participants.models.intake import IncidentReport, IncidentReportQuerySet, ReportBox
from participants.models.messages import OutgoingMessage
from participants.models.people import Participant, ParticipantQuerySet, SafeContactPlan
from participants.models.reports import PoliceReport
from participants.models.screening import Screening, ScreeningQuerySet
from participants.models.signatures import ConsentSignature
from participants.models.staging import StagedImport
from participants.models.transfers import Transfer, TransferQuerySet
from participants.models.vault import HeldSecret, LookupHash, SealedCard, StaffCard, VaultKey
from participants.models.withdrawals import Withdrawal

__all__ = [
    "AccessNotice",
    "AccessSweep",
    "Conflict",
    "Consent",
    "ConsentQuerySet",
    "ConsentSignature",
    "ConsentText",
    "ContactOverride",
    "ContactReview",
    "EmergencyOpening",
    "Erasure",
    "HeldSecret",
    "IncidentReport",
    "IncidentReportQuerySet",
    "LookupHash",
    "NoticeTold",
    "OutgoingMessage",
    "Participant",
    "ParticipantQuerySet",
    "PoliceReport",
    "ReportBox",
    "SafeContactPlan",
    "Screening",
    "ScreeningQuerySet",
    "SealedCard",
    "StaffCard",
    "StagedImport",
    "StatusChange",
    "StatusChangeQuerySet",
    "Transfer",
    "TransferQuerySet",
    "VaultKey",
    "Withdrawal",
]
