"""The page and the picture of the simulation study."""

from collections.abc import Sequence
from typing import Any

import numpy as np

METHODS = {
    "normal": "CR1, normal",
    "cr1": "CR1, t(15)",
    "cr2": "CR2",
    "cr3": "CR3",
    "wild": "wild",
    "ri": "randomisation",
}
LEVEL = 0.05
ROW, LEFT, WIDTH = 22, 330, 420
GREATEST = 0.20
FONT = 'font-family="sans-serif" font-size="12"'


def report(found: dict[str, Any]) -> str:
    """Write the study's result as a page."""
    error = np.sqrt(LEVEL * (1 - LEVEL) / found["trials"])
    low, high = LEVEL - 1.96 * error, LEVEL + 1.96 * error
    return f"""# Known effects recovered

{found["trials"]} simulated trials of 16 stations, 1,600 women and 5 waves for each row, by the synthetic study's own
outcomes and its own truth (`simulation/outcomes.py`), each allocated within the best-balanced tenth of all allocations.
`make validate` makes this page again (seed {found["seed"]}; it took {found["minutes"]} minutes on a busy machine,
{found["processor_minutes"]} of the processor's). Women's and waves' effects are taken out. *Short* is training's main
effect, 8 stations against 8; *saturated* is training alone against control, 4 against 4.

## How often the truth is refused at 5 %

With {found["trials"]} trials a method that keeps its promise lies between {100 * low:.1f} and {100 * high:.1f} % in
95 of 100 rows (Monte-Carlo error {100 * error:.1f} points). 100 minus the number is the coverage of its 95 %
interval, which holds what its test does not refuse. *CR1, normal* is what a package prints that knows nothing of few
clusters. Where there are effects, the randomisation test asks whether they are the same for every woman, which they
are not for a yes-or-no outcome. Two arms of four stations often leave fewer than 40 allocations within the constraint:
there no result whatever could be refused at 5 % by randomisation, which is the truth about such a comparison.

{_refusals(found["worlds"])}

![Share of trials that refuse the truth, by method](validation.svg)

## Bias

{_biases(found["worlds"])}

## What to read in it

{_reading(found["worlds"], found["trials"])}
"""


def _refusals(worlds: Sequence[dict[str, Any]]) -> str:
    head = "| ICC | effects | outcome | model | " + " | ".join(METHODS.values()) + " |\n|" + "---|" * (4 + len(METHODS))
    rows = [
        f"| {_where(world)} | " + " | ".join(f"{100 * world['refused'][name]:.1f}" for name in METHODS) + " |"
        for world in worlds
    ]
    return "\n".join([head, *rows])


def _biases(worlds: Sequence[dict[str, Any]]) -> str:
    titles = ("ICC", "effects", "outcome", "model", "truth", "bias", "its Monte-Carlo error", "spread of estimates")
    numbers = ("truth", "bias", "bias_error", "spread")
    head = f"| {' | '.join(titles)} |\n|" + "---|" * len(titles)
    rows = [f"| {_where(world)} | " + " | ".join(f"{world[name]:.4f}" for name in numbers) + " |" for world in worlds]
    return "\n".join([head, *rows])


def _where(world: dict[str, Any]) -> str:
    effects = "yes" if world["effects"] else "no"
    return f"{world['icc']} | {effects} | {world['outcome'].replace('_', ' ')} | {world['model']}"


def _reading(worlds: Sequence[dict[str, Any]], trials: int) -> str:
    """Say in sentences what the tables hold; only rows without effects count for randomisation."""
    greatest = LEVEL + 1.96 * np.sqrt(LEVEL * (1 - LEVEL) / trials)
    bias = max(abs(world["bias"]) / world["bias_error"] for world in worlds)
    lines = [f"- Bias is at most {bias:.1f} Monte-Carlo errors over all {len(worlds)} rows."]
    for name, title in METHODS.items():
        of = [world for world in worlds if name != "ri" or not world["effects"]]
        beyond = sum(world["refused"][name] > greatest for world in of)
        lines.append(
            f"- {title} refuses the truth in {_mean(of, name, 'short'):.1f} % of 8 against 8 and "
            f"{_mean(of, name, 'saturated'):.1f} % of 4 against 4; beyond chance in {beyond} of {len(of)} rows"
            f"{' (those without effects)' if name == 'ri' else ''}."
        )
    return "\n".join(lines)


def _mean(worlds: Sequence[dict[str, Any]], name: str, model: str) -> float:
    return 100 * float(np.mean([world["refused"][name] for world in worlds if world["model"] == model]))


def svg(worlds: Sequence[dict[str, Any]]) -> str:
    """Draw the share of refusals of each row by method, with the promised 5 % as a line."""
    colours = dict(zip(METHODS, ("#b91c1c", "#d97706", "#1d4ed8", "#7c3aed", "#047857", "#374151"), strict=True))
    height = ROW * (len(worlds) + 3)
    line = _x(LEVEL)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {height}" {FONT}>',
        f'<rect width="100%" height="100%" fill="#fff"/><path d="M{line} {ROW}V{height - ROW}" stroke="#6b7280"/>',
        *(
            f'<text x="{_x(tick / 100):.0f}" y="{height - 6}" text-anchor="middle">{tick} %</text>'
            for tick in (0, 5, 10, 15, 20)
        ),
    ]
    for number, (name, title) in enumerate(METHODS.items()):
        x = 10 + number * 120
        parts.append(f'<circle cx="{x}" cy="12" r="4" fill="{colours[name]}"/><text x="{x + 8}" y="16">{title}</text>')
    for number, world in enumerate(worlds):
        y = ROW * (number + 2)
        parts.append(f'<text x="10" y="{y + 4}">{_told(world)}</text>')
        parts += [
            f'<circle cx="{_x(world["refused"][name]):.1f}" cy="{y}" r="4" fill="{colours[name]}"/>' for name in METHODS
        ]
    return "\n".join([*parts, "</svg>\n"])


def _told(world: dict[str, Any]) -> str:
    effects = "with effects" if world["effects"] else "no effects"
    return f"ICC {world['icc']}, {effects}, {world['outcome'].replace('_', ' ')}, {world['model']}"


def _x(share: float) -> float:
    return LEFT + WIDTH * min(share, GREATEST) / GREATEST
