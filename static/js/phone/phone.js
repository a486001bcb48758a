// The phone of one officer while it is open: her days, her logs and drafts, and what she does with them.
import { canonicalJson, contentOf } from "../offline/content.js";
import { cardsExpired, mergedVisits } from "../offline/merge.js";
import { moved, Queue, summary } from "../offline/queue.js";
import { makeLine } from "./line.js";
import { isLockedAway } from "./store.js";
import { Sync } from "./sync.js";

export const TAKEN_BACK_WITHIN_MS = 12_000;
const NOTHING = { visits: [], cards: {}, declaration: null, scale: null, lanes: {}, now: null };

export class Phone {
    days = NOTHING;
    records = [];
    drafts = [];
    account = {};
    state = { line: "checking", contactAt: null, skewMs: 0 };
    // Visits that she broke off because somebody came: whoever takes the phone sees nothing of them.
    covered = new Set();
    #recovering = null;

    // `changed()` is called whenever there is something else to show, `revoked()` when the server closed this phone.
    constructor({ store, api, vault, changed, revoked }) {
        this.store = store;
        this.vault = vault;
        this.user = vault.user;
        this.api = api;
        this.changed = changed;
        this.channel = new BroadcastChannel("agenda");
        this.channel.onmessage = () => this.reload();
        const line = makeLine({ api: this.api, vault, clock: Date.now });
        this.queueStore = store.queueOf(this.user);
        const parts = { store: this.queueStore, line, clock: Date.now, random: Math.random, owner: crypto.randomUUID() };
        this.queue = new Queue({ ...parts, newId: () => crypto.randomUUID() });
        this.sync = new Sync({
            store, api: this.api, vault, queue: this.queue, clock: Date.now,
            onDays: (data) => this.takeDays(data),
            onMet: () => this.met(),
            onState: (state) => {
                this.state = { ...this.state, ...state };
                if (state.line === "revoked") revoked();
                else this.tell();
            },
        });
    }

    async load() {
        const kept = await this.store.days(this.user);
        // Days that do not open are fetched anew; nothing that she wrote lies in them.
        this.days = kept ? await this.vault.openDays(kept.sealed).catch(() => NOTHING) : NOTHING;
        await this.read();
    }

    async read() {
        this.account = await this.store.account(this.user);
        [this.records, this.drafts] = [await this.store.records(this.user), await this.store.drafts(this.user)];
        this.state.contactAt = this.account?.lastContactAt ?? null;
        // A log that was put into the queue is no draft any more, also where the page ended between the two.
        const queued = new Set(this.records.map((record) => record.id));
        for (const draft of this.drafts.filter(({ id, isCorrection }) => queued.has(id) && !isCorrection)) await this.store.removeDraft(draft.id);
        this.drafts = this.drafts.filter(({ id, isCorrection }) => !queued.has(id) || isCorrection);
    }

    async reload() {
        if (!this.vault) return;
        await this.load();
        if (this.vault) this.changed();
    }

    // Read again what is kept, show it, and let the other tabs do so.
    async tell() {
        await this.read();
        // She left while something was still on its way.
        if (!this.vault) return;
        this.channel.postMessage("changed");
        this.changed();
    }

    close() {
        this.sync.stop();
        this.channel.close();
        this.vault = null;
    }

    async takeDays(fresh) {
        const lanes = { ...this.days.lanes };
        for (const { participant } of fresh.visits) lanes[participant] ??= crypto.randomUUID();
        const visits = mergedVisits(this.days.visits, fresh.visits, this.logStates()).map(({ log: _log, ...visit }) => visit);
        await this.keepDays({ ...fresh, visits, lanes });
    }

    async keepDays(days) {
        this.days = days;
        await this.store.saveDays(this.user, { sealed: await this.vault.sealDays(days) });
    }

    // The server was met and the days are here: what else it takes to work without a line.
    met() {}

    logStates() {
        const drafts = this.drafts.filter(({ kind }) => kind === "log").map(({ visit }) => ({ visit, state: "draft" }));
        const sent = this.records.filter(({ kind }) => kind === "log").map(({ visit, state }) => ({ visit, state }));
        return [...drafts, ...sent];
    }

    visits() {
        return mergedVisits(this.days.visits, this.days.visits.filter((visit) => !visit.isGone), this.logStates());
    }

    visit(id) {
        return this.visits().find((visit) => visit.id === id) ?? null;
    }

    cardsAreOver() {
        return cardsExpired(this.state.contactAt, Date.now());
    }

    card(visit) {
        return this.cardsAreOver() ? { card: null, why: "over" } : (this.days.cards[visit.participant] ?? { card: null, why: "" });
    }

    summary() {
        return summary(this.records.filter((record) => !isLockedAway(record)));
    }

    // What only the server can open any more.
    lockedAway() {
        const records = this.records.filter(isLockedAway);
        return [...records, ...this.drafts.filter((draft) => draft.sealed === null)];
    }

    // --- Writing ---------------------------------------------------------------------------------------------------

    async openDraft(kind, visit) {
        const find = () => this.drafts.find((other) => other.kind === kind && other.visit === visit);
        // Written under a PIN that is gone: the server opens it first, or a second one would be begun beside it.
        if (find()?.sealed === null) await this.recover();
        const draft = find();
        return draft?.sealed ? { ...(await this.vault.openOne("draft", draft.id, draft.sealed)), id: draft.id, savedAt: draft.savedAt } : null;
    }

    async saveDraft({ kind, id, visit, filled, isCorrection = false }) {
        const sealed = await this.vault.sealBoth("draft", id, { kind, id, visit, filled });
        await this.store.saveDraft({ id, user: this.user, kind, visit, isCorrection, savedAt: Date.now(), ...sealed });
    }

    async dropDraft(id) {
        await this.store.removeDraft(id);
        await this.tell();
    }

    // Put a log into the queue, or a corrected one back into it.
    async finishLog({ id, visit, filled, isCorrection = false, heldMs = 0 }) {
        const content = contentOf(filled);
        const payload = await this.vault.sealBoth("log", id, { visit: visit.id, ...content });
        await this.finish({ id, kind: "log", visit: visit.id, participant: visit.participant, payload, isCorrection, heldMs });
    }

    async finishSheet({ id, visit, sheet, isCorrection = false }) {
        const payload = await this.vault.sealBoth("sheet", id, sheet);
        await this.finish({ id, kind: "sheet", visit: visit.id, participant: visit.participant, payload, isCorrection, heldMs: 0 });
    }

    // Put a record of any kind into the queue; `about` stays with it in clear.
    async finish({ id, kind, visit, participant, payload, isCorrection, heldMs = 0, ...about }) {
        const lane = this.days.lanes[participant] ?? visit;
        if (isCorrection) await this.queue.correct(id, payload);
        else await this.queue.add({ ...about, id, lane, kind, visit, payload }, heldMs);
        await this.store.removeDraft(id);
        await this.tell();
        this.sync.run();
        (await navigator.serviceWorker?.getRegistration())?.sync?.register("send").catch(() => {});
    }

    async takeBack(id) {
        const isInTime = await this.queue.takeBack(id);
        await this.tell();
        return isInTime;
    }

    opened(record) {
        return this.vault.openOne(record.kind, record.id, record.payload.sealed);
    }

    // --- Leaving and coming back --------------------------------------------------------------------------------------

    // The sealed file for a supervisor: what is unsent, as only the server can open it.
    rescueFile() {
        const unsent = this.records.filter(({ state }) => ["queued", "sending", "refused"].includes(state));
        return canonicalJson({ parcels: unsent.map(({ payload }) => payload.parcel) });
    }

    // Have the server open what was written under a PIN that is gone, and seal it under the new one; once at a time.
    recover() {
        this.#recovering ??= this.#recover().finally(() => { this.#recovering = null; });
        return this.#recovering;
    }

    async #recover() {
        const locked = this.lockedAway();
        if (locked.length === 0) return;
        const parcels = new Map(locked.map((one) => [(one.payload ?? one).parcel.context, one]));
        const answer = await this.api.openParcels(this.vault.device, [...parcels.values()].map((one) => (one.payload ?? one).parcel));
        if (answer.kind !== "ok") return;
        for (const { context, value } of answer.data.contents) {
            const one = value ? parcels.get(context) : null;
            if (one?.payload) await this.#recoverRecord(one, value[one.kind]);
            else if (one) await this.saveDraft({ ...value.draft, isCorrection: one.isCorrection, id: one.id, visit: one.visit });
        }
        await this.tell();
    }

    async #recoverRecord(record, { id: _id, ...value }) {
        const payload = await this.vault.sealBoth(record.kind, record.id, value);
        const back = record.state === "sending" ? moved(record, "queued", { leaseUntil: 0 }) : record;
        await this.store.put("queue", { ...back, payload });
    }
}
