"""Draw an allocation again from its certificate, and compare: for whoever wants to trust nobody.

    python3 redraw.py CERTIFICATE.json

Needs Python 3.11 or newer and numpy, nothing else, and nothing of the system that made the certificate. It hashes the
frame and the commitment, derives the seed from the nonce and the public draw, draws the stations, scores every
assignment, and draws one. It is written apart from that system and in the plainest way, so that the two can only
agree if both do what the certificate's format says. Exit status: 0 all holds, 1 something differs, 2 unreadable.
"""

import hashlib
import json
import sys
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def canonical(content):
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


# --- Randomness: SHA-256 of "purpose:seed:0", "purpose:seed:1", ... --------------------------------------------------


def numbers(seed, purpose):
    place = 0
    while True:
        yield int.from_bytes(hashlib.sha256(f"{purpose}:{seed}:{place}".encode()).digest(), "big")
        place += 1


def below(bound, stream):
    limit = 2**256 // bound * bound
    while True:
        number = next(stream)
        if number < limit:
            return number % bound


def shuffled(items, seed, purpose):
    order, stream = sorted(items), numbers(seed, purpose)
    for last in range(len(order) - 1, 0, -1):
        other = below(last + 1, stream)
        order[last], order[other] = order[other], order[last]
    return order


# --- The sample ------------------------------------------------------------------------------------------------------


def eligible_stations(design, stations):
    least = design["eligibility"]
    return sorted(
        station["code"]
        for station in stations
        if station["officers"] >= least["min_officers"]
        and station["family_violence_officers"] >= least["min_family_violence_officers"]
    )


def group_of(design, station):
    for name, ubigeos in design["district_groups"].items():
        if station["ubigeo"] in ubigeos:
            return name
    return "-"


def sample_stations(design, stations, eligible, seed):
    """Return the drawn codes and the probability of each eligible station."""
    settings = design["sampling"]
    wanted = settings["stations"]
    if settings["method"] == "simple":
        chance = {code: Fraction(wanted, len(eligible)) for code in eligible}
        return sorted(shuffled(eligible, seed, "sample")[:wanted]), chance
    if settings["method"] == "stratified":
        drawn, chance = [], dict.fromkeys(eligible, Fraction(0))
        for name in sorted(settings["strata"]):
            inside = [code for code in eligible if group_of(design, stations[code]) == name]
            size = settings["strata"][name]
            drawn += shuffled(inside, seed, f"sample-{name}")[:size]
            chance.update(dict.fromkeys(inside, Fraction(size, len(inside))))
        return sorted(drawn), chance
    sizes = {code: stations[code][settings["size_measure"]] for code in eligible}
    return systematic(sizes, wanted, seed)


def systematic(sizes, wanted, seed):
    chance = dict.fromkeys(sizes, Fraction(0))
    line = {code: size for code, size in sorted(sizes.items()) if size > 0}
    certain = []
    while wanted > len(certain):
        total = sum(line.values())
        large = [code for code, size in line.items() if (wanted - len(certain)) * size >= total]
        if not large:
            break
        certain += large
        line = {code: size for code, size in line.items() if code not in large}
    chance.update(dict.fromkeys(certain, Fraction(1)))
    rest, total, drawn, end = wanted - len(certain), sum(line.values()), [], 0
    point = below(total, numbers(seed, "sample")) if rest else 0
    for code, size in line.items():
        chance[code] = Fraction(rest * size, total)
        end += rest * size
        if rest and point < end:
            drawn.append(code)
            point += total
    return sorted(certain + drawn), chance


# --- Covariates as whole numbers -------------------------------------------------------------------------------------


def standardised(values):
    with localcontext(prec=50, rounding=ROUND_HALF_EVEN):
        mean = sum(values, Decimal(0)) / len(values)
        centred = [value - mean for value in values]
        variance = sum((value * value for value in centred), Decimal(0)) / max(len(values) - 1, 1)
        if variance == 0:
            return [0] * len(values)
        return [int((value / variance.sqrt() * 10_000).to_integral_value()) for value in centred]


def covariates_of(design, rows):
    """Return names, weights and values (stations in rows) of the covariates; a category has a column a level."""
    columns, weights = {}, []
    for name in design["allocation"]["covariates"]:
        if name == "district_group":
            levels = [group_of(design, row) for row in rows]
            own = {f"{name}={level}": [Decimal(int(level == one)) for one in levels] for level in sorted(set(levels))}
        else:
            own = {name: [Decimal(str(row[name])) for row in rows]}
        columns.update(own)
        weight = Decimal(design["allocation"]["weights"].get(name, "1"))
        weights += [int((weight * 1000).to_integral_value())] * len(own)
    values = np.array([standardised(column) for column in columns.values()], dtype=np.int64).T
    return list(columns), np.array(weights, dtype=np.int64), values


# --- Every way to part the stations into sets ------------------------------------------------------------------------


def partitions(places, size):
    """Yield every partition of the places into sets of that size, in lexicographic order."""
    if not places:
        yield ()
        return
    for others in combinations(places[1:], size - 1):
        first = (places[0], *others)
        rest = tuple(place for place in places if place not in first)
        for parts in partitions(rest, size):
            yield (first, *parts)


def blocks_of_partitions(weights, values, size):
    """Yield, for each first set, the set number of each station and the score of every partition beginning with it."""
    count = len(values)
    inner = [[list(part) for part in parts] for parts in partitions(tuple(range(count - size)), size)]
    inner = np.array(inner, dtype=np.intp).reshape(len(inner), -1, size)
    for others in combinations(range(1, count), size - 1):
        first = (0, *others)
        rest = np.array([place for place in range(count) if place not in first], dtype=np.intp)
        scores = np.full(len(inner), int((values[list(first)].sum(axis=0) ** 2) @ weights), dtype=np.int64)
        sets = np.zeros((len(inner), count), dtype=np.uint8)
        for number in range(inner.shape[1]):
            members = rest[inner[:, number]]
            scores += (values[members].sum(axis=1) ** 2) @ weights
            np.put_along_axis(sets, members, np.uint8(number + 1), axis=1)
        yield sets, scores


def constrained(design, codes, weights, values, seed):
    arms = [arm["code"] for arm in design["arms"]]
    size = len(codes) // len(arms)
    every = np.concatenate([scores for _sets, scores in blocks_of_partitions(weights, values, size)])
    rank = -(-len(every) * design["allocation"]["candidate_pct"] // 100)
    cutoff = int(np.partition(every, rank - 1)[rank - 1])
    kept = int((every <= cutoff).sum())
    wanted, passed, digest, drawn = below(kept, numbers(seed, "constrained")), 0, hashlib.sha256(), None
    letters = np.frombuffer(DIGITS.encode(), dtype=np.uint8)
    for sets, scores in blocks_of_partitions(weights, values, size):
        good = sets[scores <= cutoff]
        lines = np.hstack([letters[good], np.full((len(good), 1), ord("\n"), dtype=np.uint8)])
        digest.update(lines.tobytes())
        if passed <= wanted < passed + len(good):
            drawn = good[wanted - passed]
        passed += len(good)
    names = shuffled(arms, seed, "arms")
    assignment = {code: names[number] for code, number in zip(codes, drawn, strict=True)}
    labels = factorial(len(arms))
    candidates = {
        "assignments": len(every) * labels,
        "kept": kept * labels,
        "cutoff": cutoff,
        "sha256": digest.hexdigest(),
    }
    return None, candidates, assignment


def in_equal_parts(codes, arms, seed, purpose):
    order = shuffled(codes, seed, purpose)
    return {code: arms[place // (len(codes) // len(arms))] for place, code in enumerate(order)}


def in_blocks(blocks, arms, seed):
    assignment = {}
    for name, codes in blocks.items():
        assignment.update(in_equal_parts(codes, arms, seed, f"allocation-{name}"))
    return blocks, None, assignment


def matched_sets(codes, arms, weights, values):
    best, chosen = None, None
    for sets, scores in blocks_of_partitions(weights, values, len(arms)):
        place = int(scores.argmax())
        if best is None or int(scores[place]) > best:
            best, chosen = int(scores[place]), sets[place]
    blocks = {}
    for code, number in zip(codes, chosen, strict=True):
        blocks.setdefault(f"set-{int(number) + 1:02d}", []).append(code)
    return blocks


def allocated(design, codes, rows, weights, values, seed):
    """Return blocks, candidates and assignment, each as the certificate writes it."""
    arms, method = [arm["code"] for arm in design["arms"]], design["allocation"]["method"]
    if method == "constrained":
        return constrained(design, codes, weights, values, seed)
    if method == "matched":
        return in_blocks(matched_sets(codes, arms, weights, values), arms, seed)
    if method == "stratified":
        blocks = {}
        for code, row in zip(codes, rows, strict=True):
            blocks.setdefault(group_of(design, row), []).append(code)
        return in_blocks(blocks, arms, seed)
    return None, None, in_equal_parts(codes, arms, seed, "allocation")


# --- The comparison --------------------------------------------------------------------------------------------------


def drawn_again(certificate):
    """Return what the certificate should say, from its design, frame and seed alone."""
    design, seed = certificate["design"], certificate["seed"]
    stations = {row["code"]: row for row in certificate["frame"]["stations"]}
    districts = {row["ubigeo"]: row for row in certificate["frame"]["districts"]}
    eligible = eligible_stations(design, stations.values())
    codes, chance = sample_stations(design, stations, eligible, seed)
    rows = [{**districts[stations[code]["ubigeo"]], **stations[code]} for code in codes]
    names, weights, values = covariates_of(design, rows)
    blocks, candidates, assignment = allocated(design, codes, rows, weights, values, seed)
    return {
        "method": design["allocation"]["method"],
        "eligible": eligible,
        "inclusion": {code: str(probability) for code, probability in chance.items()},
        "sample": codes,
        "covariates": {
            "columns": names,
            "weights": weights.tolist(),
            "values": dict(zip(codes, values.tolist(), strict=True)),
        },
        "blocks": blocks,
        "candidates": candidates,
        "assignment": assignment,
    }


def differences(certificate):
    """Yield a sentence for each thing that does not hold."""
    if sha256(canonical(certificate["frame"])) != certificate["frame_sha256"]:
        yield "frame: its hash is not frame_sha256"
    commitment = certificate["commitment"]
    if commitment is not None:
        bound = {key: certificate[key] for key in ("design", "frame_sha256", "protocol_sha256")}
        bound |= {key: commitment[key] for key in ("nonce", "public_draw_source")}
        if sha256(canonical(bound)) != commitment["sha256"]:
            yield "commitment: its parts do not hash to what was published"
        if sha256(f"{commitment['nonce']}:{commitment['public_draw']}".encode()) != certificate["seed"]:
            yield "seed: nonce and public draw give another"
    for key, again in drawn_again(certificate).items():
        if certificate[key] != again:
            yield f"{key}: not what frame and seed give"
    rest = {key: value for key, value in certificate.items() if key != "sha256"}
    if sha256(canonical(rest)) != certificate["sha256"]:
        yield "sha256: the content has another hash"


def main(arguments):
    if len(arguments) != 1:
        print("usage: redraw.py CERTIFICATE.json", file=sys.stderr)
        return 2
    try:
        certificate = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        found = list(differences(certificate))
    except (OSError, ValueError, KeyError, TypeError, IndexError, ArithmeticError, AttributeError) as error:
        print(f"{arguments[0]}: cannot be read as a certificate ({type(error).__name__}: {error})", file=sys.stderr)
        return 2
    for sentence in found:
        print(sentence)
    if found:
        return 1
    print(f"All holds: {len(certificate['sample'])} stations, seed {certificate['seed']}, drawn again bit for bit.")
    if certificate["commitment"] is None:
        print("A rehearsal: its seed was typed, not committed to. No study runs on it.")
    else:
        print(f"Compare with what was published: commitment {certificate['commitment']['sha256']}")
        print(
            f"and the public draw {certificate['commitment']['public_draw']}"
            f" ({certificate['commitment']['public_draw_source']})."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
