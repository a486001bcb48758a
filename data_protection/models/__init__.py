"""Incidents with data, and what is told of them; women by study code, everything else in codes."""

from data_protection.models.incidents import Category, DataIncident, IncidentMeasure, IncidentWoman
from data_protection.models.notices import DeskNotice

__all__ = ["Category", "DataIncident", "DeskNotice", "IncidentMeasure", "IncidentWoman"]
