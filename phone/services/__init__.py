"""The only writers of what phones hold."""

from phone.services.answers import give_answers
from phone.services.cards import give_cards
from phone.services.parcels import OpenedParcel, open_own_parcels
from phone.services.rescue import import_rescued_entries, import_rescued_sheets, open_rescued_entries

__all__ = [
    "OpenedParcel",
    "give_answers",
    "give_cards",
    "import_rescued_entries",
    "import_rescued_sheets",
    "open_own_parcels",
    "open_rescued_entries",
]
