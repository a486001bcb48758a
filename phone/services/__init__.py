"""The only writers of what phones hold."""

from phone.services.cards import give_cards
from phone.services.parcels import OpenedParcel, open_own_parcels

__all__ = ["OpenedParcel", "give_cards", "open_own_parcels"]
