"""One thumb, reckoned by the keystroke-level model: how long a practised person takes, without mistakes.

Card, Moran and Newell, The keystroke-level model for user performance time with interactive systems, Communications
of the ACM 23 (7), 1980: 1.35 s to decide (M), 1.1 s to reach a target (P), 0.2 s to press and let go. The reach is that
of a mouse. Each tap is decided on anew, and so is each swipe, which takes a reach too. A letter takes 0.33 s: 36.2
words a minute (Palin et al., How do people type on mobile devices?, MobileHCI 2019).
"""

from playwright.sync_api import Locator, Page

DECIDE_S, REACH_S, PRESS_S = 1.35, 1.1, 0.2
LETTER_S = 60 / (36.2 * 5)
# A thumb that moves the page by half of what it shows.
SWIPE = "() => window.scrollBy({ top: window.innerHeight / 2, behavior: 'instant' })"
# What lies under a finger at the middle of an element; nothing while it is out of sight or under the bar below.
LIES_UNDER_FINGER = """(element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    const touched = element.closest(".form-check") ?? element;
    return Boolean(found && touched.contains(found));
}"""
MOST_SWIPES = 12


class Hand:
    """Counts what one hand does on a page: taps, swipes where a target is out of sight, letters."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.taps, self.swipes, self.letters = 0, 0, 0

    @property
    def seconds(self) -> float:
        """Return how long all of it takes."""
        moves = (self.taps + self.swipes) * (DECIDE_S + REACH_S + PRESS_S)
        return moves + self.letters * LETTER_S

    def tap(self, target: Locator) -> None:
        """Tap a target; swipe first until it is in sight."""
        target.wait_for()
        while not target.evaluate(LIES_UNDER_FINGER):
            assert self.swipes < MOST_SWIPES, f"{target} never came into sight"
            self._page.evaluate(SWIPE)
            self.swipes += 1
        target.tap()
        self.taps += 1

    def type(self, target: Locator, text: str) -> None:
        """Tap into a field and type."""
        self.tap(target)
        target.press_sequentially(text)
        self.letters += len(text)
