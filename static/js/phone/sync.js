// Sends what waits and fetches the days: on opening, on coming back, with the line, and again while something waits. One tab
// at a time by a lock of the browser; where there is none, the queue's own leases see to it that nothing is sent twice.
import { clockSkewMs } from "../offline/merge.js";
import { summary } from "../offline/queue.js";
import { fetchPart, PART_RENEWED_MS } from "./keys.js";

const DAYS_RENEWED_MS = 5 * 60_000;
const SOONEST_MS = 1_000;
const WITHOUT_LINE_MS = 20_000;
const LATEST_MS = 15 * 60_000;

export class Sync {
    #parts;
    #running = null;
    #again = false;
    #timer = null;
    #stopped = false;
    #runsWithoutLine = 0;

    // `onState({ line, contactAt, skewMs })` hears how it stands; line is "ok", "offline", "signed_out", "other_user" or "revoked".
    constructor(parts) {
        this.#parts = parts;
    }

    // Ask for a run; a run under way is followed by another.
    run() {
        if (this.#stopped) return Promise.resolve();
        if (this.#running) {
            this.#again = true;
            return this.#running;
        }
        this.#running = this.#runs().finally(() => {
            this.#running = null;
            // Asked for while the next run was being planned.
            if (this.#again) this.run();
        });
        return this.#running;
    }

    stop() {
        this.#stopped = true;
        clearTimeout(this.#timer);
    }

    async #runs() {
        clearTimeout(this.#timer);
        do {
            this.#again = false;
            await alone(`agenda ${this.#parts.vault.user}`, () => this.#all());
        } while (this.#again && !this.#stopped);
        await this.#planNext();
    }

    async #all() {
        const { api, vault, queue, onState } = this.#parts;
        const session = await api.session();
        if (this.#stopped) return;
        const line = lineOf(session, vault.user);
        this.#runsWithoutLine = line === "ok" ? 0 : this.#runsWithoutLine + 1;
        if (line !== "ok") {
            onState({ line });
            return;
        }
        let came;
        do {
            came = await queue.step();
            if (came === "answered") onState({ line: "ok" });
        } while (came === "answered" && !this.#stopped);
        onState({ line: came === "signed_out" ? "signed_out" : await this.#meet(session) });
    }

    // Tell the server how this phone stands, fetch the days and, once an hour, the server's part.
    async #meet(session) {
        const { api, vault, store, clock, onState, onDays, onMet } = this.#parts;
        const skewMs = clockSkewMs(session.sentAt, Date.parse(session.data.now), session.answeredAt);
        const account = await store.account(vault.user);
        const { waiting, oldestAt } = summary(await store.records(vault.user));
        const heard = await api.device({
            id: vault.device,
            sent_at: new Date(clock()).toISOString(),
            unsent_count: waiting,
            oldest_unsent_at: oldestAt === null ? null : new Date(oldestAt).toISOString(),
        });
        if (heard.kind !== "ok") return met(heard.kind);
        vault.sealingKey = heard.data.key;
        const days = await api.days(vault.device, account.etag);
        if (days.kind !== "ok" && days.kind !== "same") return met(days.kind);
        if (this.#stopped) return "ok";
        if (days.kind === "ok") await onDays(days.data);
        const now = clock();
        const changes = { lastContactAt: now, skewMs, sealingKey: heard.data.key, ...(days.kind === "ok" ? { etag: days.etag } : {}) };
        const changed = await store.changeAccount(vault.user, () => changes);
        await store.dropOldReceipts(vault.user, now);
        if (!changed.part || now - changed.partAt >= PART_RENEWED_MS) await fetchPart(store, api, vault.user, now);
        onState({ contactAt: now, skewMs });
        onMet?.();
        return "ok";
    }

    async #planNext() {
        const { store, vault, clock } = this.#parts;
        const records = await store.records(vault.user);
        if (this.#stopped) return;
        const now = clock();
        const moments = records
            .filter((record) => record.state === "queued" || record.state === "sending")
            .map((record) => Math.max(record.notBefore, record.leaseUntil) - now);
        // Without a line nothing was tried: look again later each time. The browser says when the line is back.
        const later = this.#runsWithoutLine ? WITHOUT_LINE_MS * 2 ** Math.min(this.#runsWithoutLine - 1, 8) : 0;
        const soonest = Math.max(later, moments.length ? Math.min(...moments) : DAYS_RENEWED_MS);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.run(), Math.min(LATEST_MS, Math.max(SOONEST_MS, soonest)));
    }
}

function lineOf(session, user) {
    if (session.kind === "revoked") return "revoked";
    if (session.kind !== "ok") return "offline";
    if (!session.data.signed_in) return "signed_out";
    return session.data.user_ref === user ? "ok" : "other_user";
}

function met(kind) {
    return { signed_out: "signed_out", revoked: "revoked", unknown: "revoked" }[kind] ?? "offline";
}

function alone(name, work) {
    return navigator.locks ? navigator.locks.request(name, work) : work();
}
