"""The only writers of what phones hold."""

from phone.services.cards import give_cards

__all__ = ["give_cards"]
