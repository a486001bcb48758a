"""What the pages about data show."""

from panel.presenters.catalogue import column_cards, matching

__all__ = ["column_cards", "matching"]
