"""Where the boxes and arrows of the flow lie: a drawing without words of its own, for screen and paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.pdf import Diagram, Words

MARGIN, GAP, RISE = 12.0, 20.0, 26.0
BOX_WIDTH, SIDE_WIDTH = 236.0, 290.0
TITLE_HEIGHT, LINE_HEIGHT, PADDING = 20.0, 17.0, 9.0
_LEAST_WIDTH = 2 * MARGIN + BOX_WIDTH + GAP + SIDE_WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """One count in a box: its label, its number (None is not shown), and the address of its list ("" has none)."""

    label: str
    number: int | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What a box says."""

    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with the height of its base line."""

    line: Line
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its place, in units of the drawing (about a pixel)."""

    text: Text
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def title_y(self) -> float:
        return self.y + PADDING + 13

    @property
    def note_y(self) -> float:
        return self.bottom - PADDING - 3

    @property
    def left(self) -> float:
        return self.x + PADDING

    @property
    def right(self) -> float:
        return self.x + self.width - PADDING

    @property
    def placed(self) -> list[PlacedLine]:
        first = self.y + PADDING + TITLE_HEIGHT + 13
        return [PlacedLine(line, first + LINE_HEIGHT * place) for place, line in enumerate(self.text.lines)]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A straight line; only the last part of a path has a head."""

    x1: float
    y1: float
    x2: float
    y2: float
    has_head: bool = True


@dataclass(frozen=True, slots=True)
class Drawing:
    """All boxes and arrows, and the size of the whole."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(trunk: Sequence[tuple[Text, Text | None]], branches: Sequence[Sequence[Text]]) -> Drawing:
    """Place the trunk's boxes from top to bottom, each with what left beside it, then the branches side by side.

    Boxes of one step of the branches are of one height. Without branches the trunk stands alone.
    """
    columns = len(branches)
    width = max(_LEAST_WIDTH, 2 * MARGIN + columns * BOX_WIDTH + max(0, columns - 1) * GAP)
    boxes, arrows = _trunk(trunk, width)
    if columns and boxes:
        _add_branches(branches, width, boxes, arrows)
    bottom = max((box.bottom for box in boxes), default=0.0)
    return Drawing(width, bottom + MARGIN, tuple(boxes), tuple(arrows))


def as_diagram(drawing: Drawing) -> Diagram:
    """Return the same drawing as boxes, lines and texts: for paper, and for pages without styles of their own."""
    texts = [Words(box.left, box.title_y, box.text.title, size=13, is_bold=True) for box in drawing.boxes]
    for box in drawing.boxes:
        for placed in box.placed:
            number = "·" if placed.line.number is None else str(placed.line.number)
            texts.append(Words(box.left, placed.y, placed.line.label))
            texts.append(Words(box.right, placed.y, number, ends_at_x=True))
        if box.text.note:
            texts.append(Words(box.left, box.note_y, box.text.note, size=11))
    return Diagram(
        drawing.width,
        drawing.height,
        [(box.x, box.y, box.width, box.height) for box in drawing.boxes],
        [(arrow.x1, arrow.y1, arrow.x2, arrow.y2) for arrow in drawing.arrows],
        texts,
    )


def _trunk(trunk: Sequence[tuple[Text, Text | None]], width: float) -> tuple[list[Box], list[Arrow]]:
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    x, y, above = (width - BOX_WIDTH - GAP - SIDE_WIDTH) / 2, MARGIN, None
    for text, side in trunk:
        box = Box(text, x, y, BOX_WIDTH, _height(text))
        boxes.append(box)
        if above is not None:
            arrows.append(Arrow(above.middle, above.bottom, box.middle, box.y))
        y = box.bottom + RISE
        if side is not None:
            beside = Box(side, x + BOX_WIDTH + GAP, y, SIDE_WIDTH, _height(side))
            level = beside.y + beside.height / 2
            boxes.append(beside)
            arrows.append(Arrow(box.middle, level, beside.x, level))
            y = beside.bottom + RISE
        above = box
    return boxes, arrows


def _add_branches(branches: Sequence[Sequence[Text]], width: float, boxes: list[Box], arrows: list[Arrow]) -> None:
    root = next(box for box in reversed(boxes) if box.width == BOX_WIDTH)
    used = len(branches) * BOX_WIDTH + (len(branches) - 1) * GAP
    lefts = [(width - used) / 2 + place * (BOX_WIDTH + GAP) for place in range(len(branches))]
    level = max(box.bottom for box in boxes) + RISE / 2
    y = level + RISE
    arrows.append(Arrow(root.middle, root.bottom, root.middle, level, has_head=False))
    middles = [left + BOX_WIDTH / 2 for left in lefts]
    arrows.append(Arrow(min(*middles, root.middle), level, max(*middles, root.middle), level, has_head=False))
    for step, texts in enumerate(zip(*branches, strict=True)):
        height = max(_height(text) for text in texts)
        for left, text in zip(lefts, texts, strict=True):
            box = Box(text, left, y, BOX_WIDTH, height)
            arrows.append(Arrow(box.middle, y - RISE if step else level, box.middle, y))
            boxes.append(box)
        y += height + RISE


def _height(text: Text) -> float:
    lines = len(text.lines) + bool(text.note)
    return 2 * PADDING + TITLE_HEIGHT + LINE_HEIGHT * lines
