"""One load on two sizes of the same study, in turns: what disturbs the machine disturbs both alike."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice

from bench_server import CONCURRENCIES, beside, expect, percentiles, processor_seconds, sent, served
from bench_study import Result, copied, working_on

# The first turn lets every worker begin: it is not counted.
WARM_TURNS, TURNS = 1, 5
REQUESTS_EACH = (WARM_TURNS + TURNS) * len(CONCURRENCIES)
FEW, MANY = "few", "many"
# Beyond this the two sizes would not be called the same.
PROMISED_SLOWER = 1.1


@contextmanager
def both_served(fill: Callable[[], None]) -> Iterator[dict[str, int]]:
    """Serve the study as it is, and a copy of it in which more is stored; yields the port of each."""
    with copied(fill) as full, ExitStack() as servers:
        ports = {FEW: servers.enter_context(served())}
        with working_on(full):
            ports[MANY] = servers.enter_context(served())
        yield ports


def in_turns(ports: dict[str, int], requests: Iterator[str], each: int, expected: int, unit: str) -> Result:
    """Send the same requests to both, one after the other, the first of a turn being the second of the next."""
    found: Result = {}
    for lanes in CONCURRENCIES:
        told: dict[str, list[Result]] = {FEW: [], MANY: []}
        for turn in range(WARM_TURNS + TURNS):
            load = list(islice(requests, each))
            for size in (FEW, MANY) if turn % 2 == 0 else (MANY, FEW):
                measured = turn_of(ports[size], load, lanes, expected)
                if turn >= WARM_TURNS:
                    told[size].append(measured)
        found[f"at_{lanes}"] = {
            **{size: summed_up(turns, each, unit) for size, turns in told.items()},
            "slower_with_many": round(
                statistics.median(
                    many["seconds"] / few["seconds"] for few, many in zip(told[FEW], told[MANY], strict=True)
                ),
                2,
            ),
            "promised_slower_with_many": PROMISED_SLOWER,
        }
    return found


def turn_of(port: int, load: list[str], lanes: int, expected: int) -> Result:
    began = processor_seconds()
    told = sent(port, [load[lane::lanes] for lane in range(lanes)])
    told["processor_seconds"] = processor_seconds() - began
    expect(told, {str(expected): len(load)})
    return told


def summed_up(turns: list[Result], each: int, unit: str) -> Result:
    """Return the middle of all turns, and every turn's rate beside it."""
    rates = [round(each / told["seconds"]) for told in turns]
    return {
        "requests_a_second": round(statistics.median(rates)),
        "of_each_turn": rates,
        **percentiles([latency for told in turns for latency in told["latencies_ms"]]),
        f"processor_ms_a_{unit}": round(
            statistics.median(1000 * told["processor_seconds"] / each for told in turns), 2
        ),
        **beside(turns[-1]),
    }
