"""Incidents with data and requests about them; women by study code, everything else in codes or sealed."""

from data_protection.models.incidents import Category, DataIncident, IncidentMeasure, IncidentWoman
from data_protection.models.notices import DeskNotice
from data_protection.models.requests import DataRequest, RequestHandover, RequestStep

__all__ = [
    "Category",
    "DataIncident",
    "DataRequest",
    "DeskNotice",
    "IncidentMeasure",
    "IncidentWoman",
    "RequestHandover",
    "RequestStep",
]
