// A survey, asked by ODK Web Forms from the phone's own copy. Every change is sealed; one tap covers it.
import { mountForm } from "../surveys/form.js";
import { button, el, notice } from "../phone/dom.js";
import { Saver } from "../phone/drafts.js";
import { answersOf, outcomeOf, saidAnew } from "./answers.js";
import { beforePage } from "./page_before.js";
import { sheetPage } from "./page_sheet.js";

export async function askPage(app, { id }) {
    const { phone, texts } = app;
    const { say } = texts;
    const one = phone.visit(id);
    if (!one || app.alone !== id || !phone.form(one)) return beforePage(app, { id });
    if (!(await phone.hasFiles(one))) await phone.takeFiles().catch(() => {});
    if (!(await phone.hasFiles(one))) return { title: say("visit_title"), heading: `${one.participant} · ${one.wave}`, back: "case", backTo: { id }, nodes: [notice("warning", say("files_missing"))] };
    const { entryId, earlier, earlierAt, isCorrection, refusal, sitting } = await beginning(phone, one);
    const saved = el("p", { class: "item-note", role: "status" });
    const bar = el("progress", { class: "web-form-progress", max: 1, value: 0, "aria-label": say("answered") });
    const host = el("div", { class: "web-form" });
    let [form, isOver] = [null, false];
    const saver = new Saver(async () => {
        const said = (await form.draft()).xml;
        if (said && !isOver) await phone.saveDraft({ kind: "survey", id: entryId, visit: id, filled: { xml: said, earlierAt, ...sitting }, isCorrection });
    });

    function changed({ answered, asked }) {
        [bar.max, bar.value] = [asked || 1, answered];
        if (!form) return;
        saver.note();
        saver.settled().then(() => { saved.textContent = say("kept_here"); }, () => { saved.textContent = say("not_kept"); });
    }

    async function submit({ xml: said }) {
        isOver = true;
        try {
            await saver.stop();
            await phone.finishEntry({ id: entryId, one, about: "survey", said: { xml: said, ...sitting }, isCorrection });
        } catch {
            isOver = false;
            throw new Error(say("not_kept"));
        }
        app.alone = null;
        await app.go("debrief", { id, outcome: outcomeOf(answersOf(said)) }, true);
    }

    function cover() {
        sitting.times_covered += 1;
        return app.cover(sheetPage(app, { sheet: phone.days.sheet, user: phone.user }));
    }

    const file = (name) => phone.file(one, name);
    const options = { xform: phone.form(one), file, language: texts.language, prefill: one.prefill, earlier, words: phone.days.words, onSubmit: submit, onProgress: changed };
    const mounted = mountForm(host, options).then(
        (made) => {
            form = made;
            host.dataset.ready = "";
        },
        () => { host.textContent = say("form_failed"); },
    );
    return {
        title: say("visit_title"),
        heading: `${one.participant} · ${one.wave}`,
        leave: () => {
            if (form) saver.note();
            return saver.settled();
        },
        close: () => mounted.then(() => form?.close()),
        nodes: [
            el("p", {}, button(say("cover"), cover, "btn btn-outline-secondary")),
            refusal ? notice("error", el("strong", { text: say("refused_because") }), ` ${refusal.detail || say("refused_unknown")}`) : null,
            bar,
            host,
            saved,
        ],
    };
}

// What she left off at: a correction, a draft, what was answered elsewhere, or a new survey.
async function beginning(phone, one) {
    const [draft, refused] = [await phone.openDraft("survey", one.id), phone.refusedOf(one.id, "survey")];
    const isDraft = draft !== null && (refused === null || draft.id === refused.id);
    const before = isDraft ? draft.filled : refused ? ((await phone.opened(refused)) ?? {}) : {};
    const at = isDraft ? draft.savedAt : (refused?.queuedAt ?? 0);
    const held = phone.earlier(one).map(({ at: moment, xml }) => ({ at: Date.parse(moment), xml }));
    // What was begun here holds whatever the server had by then.
    const since = held.filter((each) => each.at > (before.earlierAt ?? 0));
    const all = [...since, ...(before.xml ? [{ at, xml: before.xml }] : [])].sort((a, b) => a.at - b.at);
    return {
        entryId: refused?.id ?? draft?.id ?? crypto.randomUUID(),
        earlier: all.map(({ xml }) => saidAnew(xml)),
        earlierAt: Math.max(before.earlierAt ?? 0, ...held.map((each) => each.at)),
        isCorrection: refused !== null,
        refusal: refused?.refusal ?? null,
        // When it was begun by this phone's clock, and how often the harmless sheet stood in its place.
        sitting: { opened_at: before.opened_at ?? new Date().toISOString(), times_covered: before.times_covered ?? 0 },
    };
}
