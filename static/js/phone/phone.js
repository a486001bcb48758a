// The phone of one officer while it is open: her days, her logs and drafts, and what she does with them.
import { canonicalJson, contentOf } from "../offline/content.js";
import { cardsExpired, mergedVisits } from "../offline/merge.js";
import { LARGEST_BATCH, moved, Queue, summary } from "../offline/queue.js";
import { expectedSha256, makeLine } from "./line.js";
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
    // Those that are being broken off this moment, and those where she said that she is alone with her.
    breaking = new Set();
    alone = new Set();
    #recovering = Promise.resolve();

    // `changed()` is called whenever there is something else to show, `revoked()` when the server closed this phone.
    constructor({ store, api, vault, changed, revoked }) {
        this.store = store;
        this.vault = vault;
        this.user = vault.user;
        this.api = api;
        this.changed = changed;
        this.channel = new BroadcastChannel("agenda");
        this.channel.onmessage = () => this.reload();
        const lockAway = (record) => store.lockAway("queue", record.id, record.payload.sealed);
        const line = makeLine({ api: this.api, vault, clock: Date.now, lockAway });
        this.queueStore = store.queueOf(this.user);
        const parts = { store: this.queueStore, line, clock: Date.now, random: Math.random, owner: crypto.randomUUID() };
        this.queue = new Queue({ ...parts, newId: () => crypto.randomUUID() });
        this.sync = new Sync({
            store, api: this.api, vault, queue: this.queue, clock: Date.now,
            onDays: (data) => this.takeDays(data),
            onMet: () => {
                this.met();
                this.recover().then((isSome) => isSome && this.sync.run(), () => {});
            },
            onState: (state) => {
                this.state = { ...this.state, ...state };
                if (state.line === "revoked") revoked();
                else this.tell();
            },
        });
    }

    async load() {
        const kept = await this.store.days(this.user);
        const days = kept && (await this.vault.openDays(kept.sealed).catch(() => null));
        // Days that do not open are fetched anew, whole; nothing that she wrote lies in them.
        if (!days) await this.store.changeAccount(this.user, () => ({ etag: null }));
        this.days = days ?? NOTHING;
        await this.read();
    }

    async read() {
        this.account = await this.store.account(this.user);
        [this.records, this.drafts] = [await this.store.records(this.user), await this.store.drafts(this.user)];
        this.state.contactAt = this.account?.lastContactAt ?? null;
        // What was put into the queue is no draft any more, also where the page ended between the two. What was written after
        // that, in another tab, stays.
        const queued = new Map(this.records.map((record) => [record.id, record]));
        const isOver = ({ id, isCorrection, savedAt }) => {
            const record = queued.get(id);
            return record && (isCorrection ? record.state !== "refused" : savedAt <= record.queuedAt);
        };
        for (const draft of this.drafts.filter(isOver)) await this.store.removeDraft(draft.id);
        this.drafts = this.drafts.filter((draft) => !isOver(draft));
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
        const opened = async (draft) => {
            const value = draft?.sealed ? await this.vault.openOne("draft", draft.id, draft.sealed).catch(() => null) : null;
            return value && { ...value, id: draft.id, savedAt: draft.savedAt };
        };
        const [draft, value] = [find(), await opened(find())];
        if (!draft || value) return value;
        // Written under a PIN that is gone: the server opens it first, or a second one would be begun beside it.
        if (draft.sealed) await this.store.lockAway("drafts", draft.id, draft.sealed);
        await this.recover();
        return opened(find());
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
        const value = { visit: visit.id, ...contentOf(filled) };
        await this.finish({ id, kind: "log", visit: visit.id, participant: visit.participant, value, isCorrection, heldMs });
    }

    async finishSheet({ id, visit, sheet, isCorrection = false }) {
        await this.finish({ id, kind: "sheet", visit: visit.id, participant: visit.participant, value: sheet, isCorrection });
    }

    // Put a record of any kind into the queue; `about` stays with it in clear.
    async finish({ id, isCorrection, ...about }) {
        const isIn = isCorrection ? await this.#correct(id, about) : await this.#add(id, about);
        // Another tab was quicker with the same draft: what it did not say goes on its way beside it.
        if (!isIn && !(await this.#isSaid(id, about))) await this.#add(crypto.randomUUID(), about);
        await this.store.removeDraft(id);
        await this.tell();
        this.sync.run();
        (await navigator.serviceWorker?.getRegistration())?.sync?.register("send").catch(() => {});
    }

    async #add(id, { kind, visit, participant, value, heldMs = 0, ...about }) {
        const payload = await this.vault.sealBoth(kind, id, value);
        return this.queue.add({ ...about, id, lane: this.days.lanes[participant] ?? visit, kind, visit, payload }, heldMs);
    }

    async #correct(id, { kind, value }) {
        return this.queue.correct(id, await this.vault.sealBoth(kind, id, value));
    }

    // Whether the record that is here says the same; a survey that the server has is asked and sent once.
    async #isSaid(id, { kind, value }) {
        const record = await this.store.record(id);
        if (record?.receipt) return kind === "entry" || record.receipt.sha256 === (await expectedSha256(kind, { ...value, id }));
        const held = record?.payload?.sealed ? await this.vault.openOne(kind, id, record.payload.sealed).catch(() => null) : null;
        return held !== null && canonicalJson(withoutMoment(held)) === canonicalJson(withoutMoment(value));
    }

    async takeBack(id) {
        const isInTime = await this.queue.takeBack(id);
        await this.tell();
        return isInTime;
    }

    // What a record says. What does not open here the server opens; null while it does not.
    async opened(record) {
        const open = ({ payload }) => (payload?.sealed ? this.vault.openOne(record.kind, record.id, payload.sealed).catch(() => null) : null);
        const value = await open(record);
        if (value) return value;
        if (record.payload?.sealed) await this.store.lockAway("queue", record.id, record.payload.sealed);
        await this.recover();
        return open((await this.store.record(record.id)) ?? record);
    }

    // What the server refused about a visit, to be corrected: { record, said }; null if there is none that opens.
    async toCorrect(kind, visit) {
        const record = this.records.find((one) => one.kind === kind && one.visit === visit && one.state === "refused" && !isLockedAway(one));
        const said = record ? await this.opened(record) : null;
        return said && { record, said };
    }

    // --- Leaving and coming back --------------------------------------------------------------------------------------

    // The sealed file for a supervisor: what is unsent, as only the server can open it.
    rescueFile() {
        const unsent = this.records.filter(({ state }) => ["queued", "sending", "refused"].includes(state));
        return canonicalJson({ parcels: unsent.map(({ payload }) => payload.parcel) });
    }

    // Have the server open what was written under a PIN that is gone, and seal it under the new one; one after the other.
    // Says whether anything came back.
    recover() {
        this.#recovering = this.#recovering.catch(() => {}).then(() => this.#recover());
        return this.#recovering;
    }

    async #recover() {
        await this.read();
        const locked = this.lockedAway();
        let isSome = false;
        for (let first = 0; first < locked.length && this.vault; first += LARGEST_BATCH) {
            isSome = (await this.#recoverSome(locked.slice(first, first + LARGEST_BATCH), this.vault)) || isSome;
        }
        if (isSome) await this.tell();
        return isSome;
    }

    async #recoverSome(locked, vault) {
        const parcels = new Map(locked.map((one) => [(one.payload ?? one).parcel.context, one]));
        const answer = await this.api.openParcels(vault.device, [...parcels.values()].map((one) => (one.payload ?? one).parcel));
        if (answer.kind !== "ok") return false;
        const given = answer.data.contents.filter(({ context, value }) => value && parcels.has(context));
        for (const { context, value } of given) {
            const one = parcels.get(context);
            if (one.payload) await this.#recoverRecord(one, value[one.kind], vault);
            else await this.#recoverDraft(one, value.draft, vault);
        }
        return given.length > 0;
    }

    async #recoverRecord({ id, kind }, { id: _id, ...value }, vault) {
        const payload = await vault.sealBoth(kind, id, value);
        const back = (record) => (record.state === "sending" ? moved(record, "queued", { leaseUntil: 0 }) : record);
        await this.store.giveBack("queue", id, (record) => ({ ...back(record), payload }));
    }

    async #recoverDraft({ id }, value, vault) {
        const seals = await vault.sealBoth("draft", id, value);
        await this.store.giveBack("drafts", id, (draft) => ({ ...draft, ...seals }));
    }
}

// By when it was finished two sheets that say the same differ.
function withoutMoment({ filled_at: _filled, at: _at, ...said }) {
    return said;
}
