import assert from "node:assert/strict";
import { test } from "node:test";

import { CARDS_LAST_MS, cardsExpired, clockSkewMs, mergedVisits } from "../../static/js/offline/merge.js";

const visit = (id, planned_on = "2026-11-18", window_from = "09:00") => ({ id, planned_on, window_from });

test("a visit that was re-planned stays while its log waits, and is marked", () => {
    const kept = [visit("a"), visit("b"), visit("c")];
    const logs = [{ visit: "a", state: "queued" }, { visit: "b", state: "received" }];
    const shown = mergedVisits(kept, [visit("d", "2026-11-19")], logs);
    assert.deepEqual(shown.map(({ id, isGone, log }) => [id, isGone ?? false, log]), [["a", true, "queued"], ["d", false, null]]);
});

test("the server's word replaces what was kept", () => {
    const [shown] = mergedVisits([{ ...visit("a"), card: "old" }], [{ ...visit("a", "2026-11-18", "10:00"), card: "new" }], []);
    assert.deepEqual([shown.card, shown.window_from], ["new", "10:00"]);
});

test("cards last a day without the server, and end when the clock is set back", () => {
    assert.equal(cardsExpired(1_000, 1_000 + CARDS_LAST_MS - 1), false);
    assert.equal(cardsExpired(1_000, 1_000 + CARDS_LAST_MS), true);
    assert.equal(cardsExpired(null, 5), true);
    assert.equal(cardsExpired(10_000_000, 10_000_000 - 300_000), false);
    assert.equal(cardsExpired(10_000_000, 10_000_000 - 300_001), true);
});

test("half of the way counts for each direction", () => {
    assert.equal(clockSkewMs(1_000, 500, 1_200), 600);
});
