"""Draw the application's icons as PNG from the same shapes as static/icons/agenda.svg. `python scripts/icons.py`.

Standard library only. A maskable icon fills its square and keeps the drawing within the inner four fifths, because a
telephone cuts its edges to the shape that it likes.
"""

import struct
import sys
import zlib
from functools import partial
from pathlib import Path

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
ACCENT, WHITE, CLEAR = (15, 92, 110, 255), (255, 255, 255, 255), (0, 0, 0, 0)
SIDE = 32.0
DOT_RADIUS_SQUARED = 4
SAMPLES = (0.25, 0.75)
# Name, pixels a side, whether it is maskable.
DRAWN = (
    ("agenda-192", 192, False),
    ("agenda-512", 512, False),
    ("agenda-maskable-192", 192, True),
    ("agenda-maskable-512", 512, True),
)


def main() -> int:
    """Write every icon; return the exit status."""
    for name, pixels, is_maskable in DRAWN:
        (ICONS / f"{name}.png").write_bytes(png(pixels, is_maskable=is_maskable))
    return 0


def png(pixels: int, *, is_maskable: bool) -> bytes:
    """Return one icon as a PNG file, eight bits a channel with transparency."""
    rows = b"".join(b"\x00" + bytes(_row(y, pixels, is_maskable=is_maskable)) for y in range(pixels))
    head = struct.pack(">IIBBBBB", pixels, pixels, 8, 6, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _row(y: int, pixels: int, *, is_maskable: bool) -> list[int]:
    found: list[int] = []
    for x in range(pixels):
        places = [(x + dx, y + dy) for dx in SAMPLES for dy in SAMPLES]
        at = partial(_at, pixels=pixels, is_maskable=is_maskable)
        seen = [_colour(at(across), at(down), is_maskable=is_maskable) for across, down in places]
        opacity = sum(colour[3] for colour in seen)
        for channel in range(3):
            weighed = sum(colour[channel] * colour[3] for colour in seen)
            found.append(weighed // opacity if opacity else 0)
        found.append(opacity // len(seen))
    return found


def _at(pixel: float, *, pixels: int, is_maskable: bool) -> float:
    """Return where a pixel lies in the drawing, 32 wide."""
    place = pixel / pixels * SIDE
    return (place - SIDE / 2) / 0.7 + SIDE / 2 if is_maskable else place


def _colour(x: float, y: float, *, is_maskable: bool) -> tuple[int, int, int, int]:
    if (x - 16) ** 2 + (y - 18.5) ** 2 <= DOT_RADIUS_SQUARED:
        return ACCENT
    if _in_box(x, y, (7, 12, 25, 25), 2):
        return WHITE
    if is_maskable:
        return WHITE if any(_in_box(x, y, (side - 1, 5, side + 1, 9.5), 1) for side in (10, 22)) else ACCENT
    rings = any(_in_box(x, y, (side - 1.5, 1.5, side + 1.5, 9.5), 1.5) for side in (10, 22))
    return ACCENT if rings or _in_box(x, y, (3, 5, 29, 29), 6) else CLEAR


def _in_box(x: float, y: float, box: tuple[float, float, float, float], radius: float) -> bool:
    left, top, right, bottom = box
    dx = max(left + radius - x, 0, x - right + radius)
    dy = max(top + radius - y, 0, y - bottom + radius)
    return dx * dx + dy * dy <= radius * radius


if __name__ == "__main__":
    sys.exit(main())
