// The queue against a server that behaves as the contract says, on a line that fails in every way.
import assert from "node:assert/strict";
import { test } from "node:test";

import { delayAfter, LARGEST_BATCH, LEASE_MS, moved, Queue, summary, toSend, TRANSITIONS } from "../../static/js/offline/queue.js";
import { seeded } from "./vectors.js";

class Store {
    records = new Map();
    #turn = Promise.resolve();

    // One at a time, as IndexedDB does; and never in the same moment, so that tabs meet in every order.
    transact(change) {
        const done = this.#turn.then(() => change({
            records: [...this.records.values()],
            has: (id) => this.records.has(id),
            put: (record) => this.records.set(record.id, structuredClone(record)),
            remove: (id) => this.records.delete(id),
        }));
        this.#turn = done.catch(() => {});
        return done;
    }
}

class Server {
    kept = new Map();
    beside = new Set();
    order = [];
    writes = 0;

    receive(records) {
        return records.map(({ id, lane, payload }) => {
            const receipt = { id, received_at: "2026-11-18T15:00:00Z", content_sha256: `h ${payload}`, expected_sha256: `h ${payload}` };
            if (payload.startsWith("bad")) return { id, status: 422, received_at: null, content_sha256: "", expected_sha256: "", code: "log_field_wrong", detail: "…", field: "reason" };
            if (!this.kept.has(id)) {
                this.kept.set(id, payload);
                this.order.push([lane, id]);
                this.writes += 1;
                return { ...receipt, status: 201 };
            }
            if (this.kept.get(id) === payload) return { ...receipt, status: 200 };
            this.beside.add(`${id} ${payload}`);
            return { ...receipt, status: 409, code: "visit_log_conflict" };
        });
    }
}

function phone({ store = new Store(), send, random = seeded(1), owner = "tab 1", time = { now: 1_000 } }) {
    let made = 0;
    const queue = new Queue({ store, line: { send }, clock: () => time.now, random, owner, newId: () => `new ${(made += 1)}` });
    return { store, queue, time };
}

const answered = (server) => async (records) => ({ kind: "answered", results: server.receive(records) });
const states = (store) => [...store.records.values()].map((record) => record.state);

test("a log goes from the phone to a receipt, and its content leaves the phone", async () => {
    const server = new Server();
    const { store, queue } = phone({ send: answered(server) });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    assert.equal(await queue.step(), "answered");
    const record = store.records.get("a");
    assert.deepEqual([record.state, record.payload, record.receipt], ["received", null, { receivedAt: "2026-11-18T15:00:00Z", sha256: "h one" }]);
    assert.equal(await queue.step(), "idle");
});

test("added twice is added once", async () => {
    const { store, queue } = phone({ send: answered(new Server()) });
    assert.equal(await queue.add({ id: "a", lane: "w", payload: "one" }), true);
    assert.equal(await queue.add({ id: "a", lane: "w", payload: "two" }), false);
    assert.deepEqual([store.records.size, store.records.get("a").payload], [1, "one"]);
});

test("a receipt of other content is no receipt: nothing is forgotten", async () => {
    const send = async (records) => ({ kind: "answered", results: records.map(({ id }) => ({ id, status: 201, received_at: "x", content_sha256: "other", expected_sha256: "mine" })) });
    const { store, queue } = phone({ send });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    await queue.step();
    const record = store.records.get("a");
    assert.deepEqual([record.state, record.payload, record.refusal.code], ["refused", "one", "receipt_differs"]);
});

test("a conflict has a receipt; a refusal has none, is kept and can be corrected", async () => {
    const server = new Server();
    server.kept.set("a", "from elsewhere");
    const { store, queue } = phone({ send: answered(server) });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    await queue.add({ id: "b", lane: "w", payload: "bad" });
    await queue.step();
    assert.deepEqual(states(store), ["conflict", "refused"]);
    assert.deepEqual(store.records.get("b").refusal, { code: "log_field_wrong", detail: "…", field: "reason" });
    assert.equal(store.records.get("b").payload, "bad");
    await queue.correct("b", "good");
    await queue.step();
    assert.deepEqual(states(store), ["conflict", "received"]);
});

test("an identifier that another log has is changed on the line only, and the log goes again", async () => {
    let first = true;
    const server = new Server();
    const send = async (records) => {
        const named = records.map((record) => ({ ...record, id: record.sendAs ?? record.id }));
        if (!first) return { kind: "answered", results: server.receive(named) };
        first = false;
        return { kind: "answered", results: named.map(({ id }) => ({ id, status: 422, code: "log_id_taken" })) };
    };
    const { store, queue } = phone({ send });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    await queue.step();
    await queue.step();
    assert.deepEqual([[...server.kept], [...store.records.keys()]], [[["new 1", "one"]], ["a"]]);
    assert.deepEqual(states(store), ["received"]);
});

test("after a failure it waits, longer each time, and holds the rest of its lane back", async () => {
    let fails = true;
    const server = new Server();
    const send = async (records) => (fails ? { kind: "failed" } : { kind: "answered", results: server.receive(records) });
    const { queue, time } = phone({ send });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    assert.equal(await queue.step(), "failed");
    await queue.add({ id: "b", lane: "w", payload: "two" });
    await queue.add({ id: "c", lane: "v", payload: "three" });
    fails = false;
    await queue.step();
    assert.deepEqual(server.order, [["v", "c"]]);
    time.now += 2_000;
    await queue.step();
    await queue.step();
    assert.deepEqual(server.order, [["v", "c"], ["w", "a"], ["w", "b"]]);
});

test("waits double, never beyond a quarter of an hour, and differ by half", () => {
    assert.deepEqual([delayAfter(1, () => 0), delayAfter(1, () => 1), delayAfter(3, () => 1), delayAfter(99, () => 1)], [1_000, 2_000, 8_000, 900_000]);
});

test("a session that ended costs no attempt", async () => {
    let signedIn = false;
    const server = new Server();
    const { store, queue } = phone({ send: async (records) => (signedIn ? { kind: "answered", results: server.receive(records) } : { kind: "signed_out" }) });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    assert.equal(await queue.step(), "signed_out");
    assert.deepEqual([states(store), store.records.get("a").attempts], [["queued"], 0]);
    signedIn = true;
    assert.equal(await queue.step(), "answered");
});

test("a tab that was killed while sending leaves its logs to the next, after the lease", async () => {
    const server = new Server();
    const { store, queue } = phone({ send: () => new Promise(() => {}) });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    queue.step();
    await new Promise(setImmediate);
    const next = phone({ store, send: answered(server), owner: "tab 2" });
    assert.equal(await next.queue.step(), "idle");
    next.time.now += LEASE_MS;
    assert.equal(await next.queue.step(), "answered");
    assert.deepEqual(states(store), ["received"]);
});

test("what a slow tab hears after its lease does not count", async () => {
    let release;
    const server = new Server();
    const slow = phone({ send: (records) => new Promise((resolve) => { release = () => resolve({ kind: "failed", records }); }) });
    await slow.queue.add({ id: "a", lane: "w", payload: "one" });
    const stepping = slow.queue.step();
    await new Promise(setImmediate);
    const next = phone({ store: slow.store, send: answered(server), owner: "tab 2", time: { now: 1_000 + LEASE_MS } });
    await next.queue.step();
    release();
    await stepping;
    assert.deepEqual(states(slow.store), ["received"]);
});

test("a clock that was far ahead leaves nothing behind that waits for it", () => {
    const record = { id: "a", lane: "w", seq: 1, notBefore: 9e12, leaseUntil: 9e12 };
    assert.equal(toSend([{ ...record, state: "queued" }], 1_000, 9).length, 1);
    assert.equal(toSend([{ ...record, state: "sending" }], 1_000, 9).length, 1);
});

test("one log that the line stumbles over does not hold up the others for ever", async () => {
    const server = new Server();
    const send = async (records) => (records.some(({ id }) => id === "poison") ? { kind: "failed" } : { kind: "answered", results: server.receive(records) });
    const { queue, time } = phone({ send });
    for (let n = 0; n < 40; n += 1) await queue.add({ id: n === 17 ? "poison" : `log ${n}`, lane: `w${n}`, payload: "one" });
    for (let turn = 0; turn < 200; turn += 1) {
        await queue.step();
        time.now += 60_000;
    }
    assert.equal(server.kept.size, 39);
});

test("what the officer is told", async () => {
    const { store, queue, time } = phone({ send: async () => ({ kind: "failed" }) });
    await queue.add({ id: "a", lane: "w", payload: "one" });
    time.now += 5_000;
    await queue.add({ id: "b", lane: "v", payload: "two" });
    assert.deepEqual(summary([...store.records.values()]), { waiting: 2, oldestAt: 1_000, refused: 0, conflicts: 0, drafts: 0 });
});

test("no state is left but by the table", () => {
    for (const from of Object.keys(TRANSITIONS)) {
        for (const to of Object.keys(TRANSITIONS)) {
            const move = () => moved({ id: "a", state: from }, to).state;
            if (TRANSITIONS[from].includes(to)) assert.equal(move(), to);
            else assert.throws(move);
        }
    }
});

// Two tabs, 10,000 logs of 400 women, a line that drops requests, drops answers after the commit, answers twice and stops.
test("10,000 logs on a bad line: each exactly once, in order for each woman", { timeout: 120_000 }, async () => {
    const random = seeded(20261118);
    const server = new Server();
    const store = new Store();
    const time = { now: 0 };
    const send = async (records) => {
        await Promise.resolve();
        const chance = random();
        if (chance < 0.15) return { kind: "failed" };
        const results = server.receive(records);
        if (chance < 0.3) throw new Error("the answer was lost after the commit");
        if (chance < 0.35) server.receive(records);
        if (chance < 0.4) return { kind: "answered", results: results.filter(() => random() < 0.5) };
        return { kind: "answered", results };
    };
    const tabs = ["tab 1", "tab 2"].map((owner) => phone({ store, send, random, owner, time }).queue);
    const logs = Array.from({ length: 10_000 }, (_, n) => ({ id: `log ${n}`, lane: `w${Math.floor(random() * 400)}`, payload: `p${n}` }));
    await store.transact(({ put }) => logs.forEach((log, n) => put({ ...log, seq: n + 1, state: "queued", queuedAt: 0, attempts: 0, notBefore: 0, leaseUntil: 0 })));
    for (let turn = 0; turn < 5_000 && states(store).some((state) => state !== "received"); turn += 1) {
        await Promise.all(tabs.map((tab) => tab.step()));
        time.now += Math.floor(random() * 20_000);
    }
    assert.deepEqual([server.kept.size, server.writes, server.beside.size], [10_000, 10_000, 0]);
    assert.ok(states(store).every((state) => state === "received"));
    const sent = Map.groupBy ? Map.groupBy(server.order, ([lane]) => lane) : grouped(server.order);
    for (const order of sent.values()) {
        const numbers = order.map(([, id]) => Number(id.slice(4)));
        assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
    }
    assert.ok(LARGEST_BATCH <= 500);
});

function grouped(pairs) {
    const groups = new Map();
    for (const pair of pairs) groups.set(pair[0], [...(groups.get(pair[0]) ?? []), pair]);
    return groups;
}

test("a log can be taken back while it is held, and not once it may have gone", async () => {
    const server = new Server();
    const { store, queue, time } = phone({ send: answered(server) });
    await queue.add({ id: "a", lane: "w", kind: "log", payload: "one" }, 10_000);
    assert.equal(await queue.step(), "idle");
    assert.equal(store.records.get("a").kind, "log");
    assert.equal(await queue.takeBack("a"), true);
    assert.equal(store.records.size, 0);
    await queue.add({ id: "b", lane: "w", payload: "two" }, 10_000);
    time.now += 10_001;
    assert.equal(await queue.takeBack("b"), false);
    assert.equal(await queue.step(), "answered");
    assert.deepEqual(states(store), ["received"]);
});
