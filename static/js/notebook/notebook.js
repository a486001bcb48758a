// The phone of one interviewer while it is open: her surveys of the week, and what she writes about them.
import { Phone } from "../phone/phone.js";
import { busyWith, mergedCases, stateOf } from "./cases.js";

// What she ended her part for is hers to take back: it may be deleted unsent.
const MAY_DROP = ["consent_missing", "participant_left"];

export class Notebook extends Phone {
    async takeDays(fresh) {
        const lanes = { ...this.days.lanes };
        for (const { participant } of fresh.cases) lanes[participant] ??= crypto.randomUUID();
        const cases = mergedCases(this.days.cases ?? [], fresh.cases, busyWith(this.records, this.drafts));
        const gone = new Set(cases.filter(({ isGone }) => isGone).map(({ form }) => form));
        const forms = { ...Object.fromEntries(Object.entries(this.days.forms ?? {}).filter(([name]) => gone.has(name))), ...fresh.forms };
        await this.keepDays({ ...fresh, cases, forms, lanes });
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
        const payload = await this.vault.sealBoth("entry", id, entry);
        await this.finish({ id, kind: "entry", about, visit: one.id, participant: one.participant, payload, isCorrection });
    }
}
