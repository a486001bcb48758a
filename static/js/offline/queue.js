// The queue of logs on the phone: each reaches the server exactly once and in order for each woman, whatever the line does.
// Nothing is forgotten without a receipt. The store, the line, the clock and chance are passed in.
//
// A record: { id, lane, seq, state, payload, queuedAt, attempts, notBefore, leaseUntil, owner, receipt, refusal }. The payload
// is sealed and means nothing here; the lane is the same for all logs of a woman.

export const TRANSITIONS = {
    draft: ["queued"],
    queued: ["sending"],
    sending: ["queued", "received", "conflict", "refused"],
    refused: ["queued"],
    received: [],
    conflict: [],
};
export const LEASE_MS = 60_000;
export const LARGEST_BATCH = 200;
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 15 * 60_000;
const KEPT = { 200: "received", 201: "received", 409: "conflict" };

export function moved(record, state, changes = {}) {
    if (!TRANSITIONS[record.state].includes(state)) throw new Error(`a log cannot go from ${record.state} to ${state}`);
    return { ...record, ...changes, state };
}

// Milliseconds until the next try: up to twice as long each time, drawn anew so that phones do not come back together.
export function delayAfter(attempts, random) {
    return Math.round((0.5 + random() / 2) * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 20)));
}

// The records to send now, oldest first. In a lane nothing overtakes: what waits, or is being sent elsewhere, holds the rest.
export function toSend(records, now, most) {
    const held = new Set();
    const chosen = [];
    for (const record of [...records].sort((a, b) => a.seq - b.seq)) {
        if (record.state !== "queued" && record.state !== "sending") continue;
        const isFree = record.state === "queued" ? isOver(record.notBefore, now, LONGEST_DELAY_MS) : isOver(record.leaseUntil, now, LEASE_MS);
        if (!isFree) held.add(record.lane);
        else if (!held.has(record.lane) && chosen.length < most) chosen.push(record);
        else held.add(record.lane);
    }
    return chosen;
}

// A moment further ahead than any wait can be was written while the phone's clock was wrong.
function isOver(moment, now, longest) {
    return moment <= now || moment > now + longest;
}

// What the officer is told: how many wait and since when, how many a supervisor looks at, how many need a correction.
export function summary(records) {
    const waiting = records.filter((record) => ["queued", "sending", "refused"].includes(record.state));
    return {
        waiting: waiting.length,
        oldestAt: waiting.length ? Math.min(...waiting.map((record) => record.queuedAt)) : null,
        refused: records.filter((record) => record.state === "refused").length,
        conflicts: records.filter((record) => record.state === "conflict").length,
        drafts: records.filter((record) => record.state === "draft").length,
    };
}

// `store.transact(change)` gives `change` the records that take part, a `put` and `remove`, and `has(id)` for any record that
// is here, at once and alone among all tabs.
// `line.send(records)` answers { kind: "answered", results } with, for each log, { id, status, received_at, content_sha256,
// expected_sha256, code, detail, field }, the id being the record's `sendAs` where it has one; or { kind: "failed" },
// { kind: "signed_out" } or { kind: "too_large" }.
export class Queue {
    #store;
    #line;
    #clock;
    #random;
    #owner;
    #newId;
    #most = LARGEST_BATCH;

    constructor({ store, line, clock, random, owner, newId }) {
        this.#store = store;
        this.#line = line;
        this.#clock = clock;
        this.#random = random;
        this.#owner = owner;
        this.#newId = newId;
    }

    // What else is given with it stays with the record. `heldMs` is how long it can still be taken back. Says whether it was
    // put in: a record of this identifier that is here already stays as it is.
    add({ id, lane, payload, ...about }, heldMs = 0) {
        return this.#store.transact(({ records, put, has }) => {
            if (has(id)) return false;
            const seq = 1 + records.reduce((last, record) => Math.max(last, record.seq), 0);
            const [queuedAt, notBefore] = [this.#clock(), heldMs ? this.#clock() + heldMs : 0];
            put({ ...about, id, lane, seq, payload, state: "queued", queuedAt, attempts: 0, notBefore, leaseUntil: 0 });
            return true;
        });
    }

    // Take a log back that was never sent. Says whether it was in time.
    takeBack(id) {
        return this.#store.transact(({ records, remove }) => {
            const record = records.find((other) => other.id === id);
            const isInTime = record?.state === "queued" && record.attempts === 0 && record.notBefore > this.#clock();
            if (isInTime) remove(id);
            return isInTime;
        });
    }

    // Let a refused log go again, corrected by the officer. Says whether it was still refused.
    correct(id, payload) {
        return this.#store.transact(({ records, put }) => {
            const record = records.find((other) => other.id === id && other.state === "refused");
            if (record) put(moved(record, "queued", { payload, refusal: null, attempts: 0, notBefore: 0 }));
            return Boolean(record);
        });
    }

    // Send one batch; say what came of it: "idle", "answered", "failed" or "signed_out".
    async step() {
        const batch = await this.#lease();
        if (batch.length === 0) return "idle";
        let answer;
        try {
            answer = await this.#line.send(batch);
        } catch {
            answer = { kind: "failed" };
        }
        await this.#settle(batch, answer);
        return answer.kind === "too_large" ? "failed" : answer.kind;
    }

    #lease() {
        return this.#store.transact(({ records, put }) => {
            const now = this.#clock();
            const held = { leaseUntil: now + LEASE_MS, owner: this.#owner };
            return toSend(records, now, this.#most).map((record) => {
                const leased = record.state === "sending" ? { ...record, ...held } : moved(record, "sending", held);
                put(leased);
                return leased;
            });
        });
    }

    #settle(batch, answer) {
        // One log may be what the line stumbles over: fewer at a time find it, and it never holds up the others.
        if (answer.kind === "failed" || answer.kind === "too_large") this.#most = Math.max(1, Math.ceil(batch.length / 2));
        if (answer.kind === "answered") this.#most = Math.min(LARGEST_BATCH, this.#most * 2);
        const results = new Map((answer.results ?? []).map((result) => [result.id, result]));
        return this.#store.transact(({ records, put }) => {
            const now = new Map(records.map((record) => [record.id, record]));
            for (const { id } of batch) {
                const record = now.get(id);
                // The lease ran out and another tab took it over: what that tab hears counts.
                if (record?.state !== "sending" || record.owner !== this.#owner) continue;
                this.#settleOne(record, answer.kind, results.get(record.sendAs ?? id), put);
            }
        });
    }

    #settleOne(record, kind, result, put) {
        if (kind === "signed_out") {
            put(moved(record, "queued", { leaseUntil: 0 }));
        } else if (!result) {
            const attempts = record.attempts + 1;
            put(moved(record, "queued", { attempts, leaseUntil: 0, notBefore: this.#clock() + delayAfter(attempts, this.#random) }));
        } else if (result.status in KEPT && result.received_at && result.content_sha256 === result.expected_sha256) {
            const receipt = { receivedAt: result.received_at, sha256: result.content_sha256 };
            put(moved(record, KEPT[result.status], { receipt, payload: null, leaseUntil: 0 }));
        } else if (result.code === "log_id_taken") {
            // The record keeps its own: what is sealed is bound to it. Only the line calls it otherwise.
            put(moved(record, "queued", { sendAs: this.#newId(), leaseUntil: 0 }));
        } else {
            const code = result.status in KEPT ? "receipt_differs" : result.code;
            const refusal = { code, detail: result.detail ?? "", field: result.field ?? "" };
            put(moved(record, "refused", { refusal, leaseUntil: 0 }));
        }
    }
}
