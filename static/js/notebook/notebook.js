// The phone of one interviewer while it is open: her surveys of the week, and what she writes about them.
import { Phone } from "../phone/phone.js";
import { busyWith, mergedCases, stateOf } from "./cases.js";

// What she ended her part for is hers to take back: it may be deleted unsent.
const MAY_DROP = ["consent_missing", "participant_left"];

export class Notebook extends Phone {
    #taking = null;

    async takeDays(fresh) {
        const lanes = { ...this.days.lanes };
        for (const { participant } of fresh.cases) lanes[participant] ??= crypto.randomUUID();
        const cases = mergedCases(this.days.cases ?? [], fresh.cases, busyWith(this.records, this.drafts));
        const gone = new Set(cases.filter(({ isGone }) => isGone).map(({ form }) => form));
        const ofGone = (held) => Object.fromEntries(Object.entries(held ?? {}).filter(([name]) => gone.has(name)));
        const forms = { ...ofGone(this.days.forms), ...fresh.forms };
        const files = { ...ofGone(this.days.files), ...fresh.files };
        await this.keepDays({ ...fresh, cases, forms, files, lanes });
    }

    // What did not come is asked for again when the server is met the next time.
    met() {
        this.takeFiles().catch(() => {});
    }

    // Take the files that the questionnaires here name, each once; those that none names any more go. Once at a time.
    takeFiles() {
        this.#taking ??= this.#takeFiles().finally(() => { this.#taking = null; });
        return this.#taking;
    }

    // Whether every file that a survey's questionnaire names is here.
    async hasFiles(one) {
        const held = await this.store.fileHashes(this.user);
        return this.#filesOf(one).every(({ sha256 }) => held.includes(sha256));
    }

    // A file that a survey's questionnaire names, by its name.
    async file(one, name) {
        const named = this.#filesOf(one).find((file) => file.name === name);
        const kept = named ? await this.store.file(this.user, named.sha256) : null;
        if (!kept) throw new Error("none");
        return new Response(await this.vault.openFile(named.sha256, kept.sealed), { headers: { "content-type": named.type } });
    }

    #filesOf(one) {
        return this.days.files?.[one.form] ?? [];
    }

    async #takeFiles() {
        const wanted = new Map(Object.values(this.days.files ?? {}).flat().map(({ sha256, address }) => [sha256, address]));
        const held = await this.store.fileHashes(this.user);
        for (const sha256 of held) if (!wanted.has(sha256)) await this.store.removeFile(this.user, sha256);
        for (const [sha256, address] of wanted) {
            if (held.includes(sha256)) continue;
            const { kind, bytes } = await this.api.file(address);
            // She left, or the line did.
            if (!this.vault || kind !== "ok") return;
            if ((await sha256Of(bytes)) === sha256) await this.store.saveFile(this.user, sha256, await this.vault.sealFile(sha256, bytes));
        }
    }

    cases() {
        return (this.days.cases ?? []).map((one) => ({ ...one, log: stateOf(one.id, this.records, this.drafts) }));
    }

    // By the name that the pages of what waits ask for.
    visit(id) {
        return this.cases().find((one) => one.id === id) ?? null;
    }

    form(one) {
        return this.days.forms?.[one.form] ?? null;
    }

    // What was answered before, as the server holds it, with the moment of each; while her card opens, so no longer than a day.
    earlier(one) {
        return one.isGone || !this.card(one).card ? [] : (one.earlier ?? []);
    }

    // What the server did not take about a survey, to be corrected.
    refusedOf(id, about = null) {
        return this.records.find((record) => record.visit === id && record.state === "refused" && (about === null || record.about === about) && record.payload?.sealed) ?? null;
    }

    mayDrop(record) {
        return record.state === "refused" && MAY_DROP.includes(record.refusal?.code);
    }

    async drop(record) {
        await this.queueStore.transact(({ records, remove }) => {
            if (records.some((other) => other.id === record.id && this.mayDrop(other))) remove(record.id);
        });
        await this.tell();
    }

    // Put a survey ("survey"), a try ("attempt") or how it went ("debrief") into the queue.
    async finishEntry({ id, one, about, said, isCorrection = false }) {
        const entry = { case: one.id, kind: about, at: new Date().toISOString(), ...said };
        await this.finish({ id, kind: "entry", about, visit: one.id, participant: one.participant, value: entry, isCorrection });
    }
}

async function sha256Of(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
