"""The part of the script in Python that gives arms again within the set that was drawn from."""

RANDOMISATION = '''\
def randomisation(d):
    """Return p of each allocated column by its own re-allocations (None with one way), and by those of all arms."""
    periods, stations = waves_of(d.rows), draw["stations"]
    place = d.rows[cluster].map({name: number for number, name in enumerate(stations)}).to_numpy()
    period = d.rows[time].map({name: number for number, name in enumerate(periods)}).to_numpy()
    own = d.k if d.trait is None else d.k // 2
    exposure = np.zeros((len(draw["arms"]), len(periods), own))
    exposure[np.array(draw["actual"])[place], period] = d.X.to_numpy()[:, :own]
    cells = pd.get_dummies(pd.Series(place * len(periods) + period, index=d.rows.index), dtype=float)
    cells = cells.reindex(columns=range(len(stations) * len(periods)), fill_value=0.0)
    if d.trait is not None:
        cells = pd.concat([cells, cells.mul(d.trait, axis=0)], axis=1)
    nuisance = np.linalg.qr(np.column_stack([clear(d, part) for part in (d.effects, d.X.iloc[:, d.k:])]))[0]
    Z, out = (part - nuisance @ (nuisance.T @ part) for part in (clear(d, cells), clear(d, d.y).reshape(-1)))
    cross, sums = Z.T @ Z, Z.T @ but_rounding(d, out)

    def coefficients(ways):
        columns = exposure[ways].reshape(len(ways), -1, own)
        if d.trait is not None:
            nothing = np.zeros_like(columns)
            columns = np.block([[columns, nothing], [nothing, columns]])
        squares = columns.transpose(0, 2, 1) @ (cross @ columns)
        return (np.linalg.pinv(squares, hermitian=True) @ (columns.transpose(0, 2, 1) @ sums)[:, :, None])[:, :, 0]

    every = ways_to_give([0] * len(draw["arms"]))
    together = coefficients(every)
    for j in range(d.k):
        ways = ways_to_give(interchangeable(exposure, j % own))
        yield None if len(ways) == 1 else share(coefficients(ways)[:, j]), share(together[:, j])


def share(statistics):
    sizes = np.abs(statistics)
    return float(np.mean(sizes >= sizes[0] * (1 - 1e-9)))


def interchangeable(exposure, j):
    """Number groups of arms that differ in one treatment's column alone, and not in a factor that it does not tell."""
    factors, arms_ = np.array(draw["factors"]), range(len(exposure))
    others = [np.delete(exposure[arm], j, axis=1).tobytes() for arm in arms_]
    own = [exposure[arm][:, j].tobytes() for arm in arms_]

    def untold(factor):
        pairs = [(a, b) for a, b in itertools.combinations(arms_, 2) if others[a] == others[b]
                 and np.flatnonzero(factors[a] != factors[b]).tolist() == [factor]]
        return bool(pairs) and all(own[a] == own[b] for a, b in pairs)

    kept = [factor for factor in range(factors.shape[1]) if untold(factor)]
    keys = [(others[arm], tuple(factors[arm, kept])) for arm in arms_]
    return [list(dict.fromkeys(keys)).index(key) for key in keys]


def ways_to_give(groups):
    """Give arms again within groups and blocks: every way up to 100,000, or else the draws of the report's seed."""
    actual, blocks = np.array(draw["actual"]), np.array(draw["blocks"])
    group = np.array(groups)[actual]
    places = [np.flatnonzero((group == g) & (blocks == b)) for g in dict.fromkeys(groups) for b in np.unique(blocks)]
    places = [place for place in places if len(set(actual[place])) > 1]
    if math.prod(orders_of(actual[place]) for place in places) > 100_000:
        return drawn(actual, places)
    found = [actual]
    for place in places:
        orders = arranged(tuple(sorted(actual[place])))
        found = [put(way, place, order) for way in found for order in orders]
    found = np.array(found)
    found = found[admitted(found)]
    return np.vstack([actual[None, :], found[(found != actual).any(axis=1)]])


def orders_of(labels):
    counts = np.unique(labels, return_counts=True)[1].tolist()
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


def arranged(labels):
    if not labels:
        return [()]
    return [(label, *rest) for label in dict.fromkeys(labels)
            for rest in arranged(tuple(labels[: labels.index(label)] + labels[labels.index(label) + 1:]))]


def put(way, place, order):
    way = way.copy()
    way[place] = order
    return way


def drawn(actual, places):
    rng, found, missing = np.random.default_rng(plan["seed"]), [actual[None, :]], plan["ri_draws"]
    while missing:
        batch = np.repeat(actual[None, :], 20_000, axis=0)
        for place in places:
            batch[:, place] = rng.permuted(batch[:, place], axis=1)
        kept = batch[admitted(batch)][:missing]
        found.append(kept)
        missing -= len(kept)
    return np.vstack(found)


def admitted(ways):
    """Say which allocations the balance constraint lets pass."""
    if draw["cutoff"] is None:
        return np.ones(len(ways), dtype=bool)
    values, weights, scores = np.array(draw["values"]), np.array(draw["weights"]), 0
    for arm in range(len(draw["arms"])):
        sums = (ways == arm).astype(np.int64) @ values
        scores = scores + (sums * sums) @ weights
    return scores <= draw["cutoff"]


'''
