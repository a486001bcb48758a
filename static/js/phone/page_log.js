// The log of a visit, from the server's declaration: the button stays in sight, everything is kept as it is typed.
import { problems, studyDay } from "../offline/rules.js";
import { button, el, notice } from "./dom.js";
import { Saver } from "./drafts.js";
import { drawForm, problemSummary } from "./form.js";
import { toMinute } from "./moments.js";

const FIRST = ["outcome", "reason", "occurred_at", "safety_concern"];

export async function logPage(app, { id, start = {} }) {
    const { phone, texts } = app;
    const { say } = texts;
    const visit = phone.visit(id);
    const { declaration } = phone.days;
    if (!visit || !declaration) return { title: say("log_title"), heading: say("visit_gone"), nodes: [el("p", { text: say("days_not_here_why") })], back: "days" };
    const begun = await beginning(phone, visit, start);
    const { logId, isCorrection, refusal } = begun;
    const saver = new Saver((filled) => phone.saveDraft({ kind: "log", id: logId, visit: visit.id, filled, isCorrection }));
    const saved = el("p", { class: "item-note mb-1", role: "status" });
    const errors = el("div");
    // Keys walk through choices and stay where they are; a finger that chose goes on to what is asked next.
    let isByFinger = false;
    const form = drawForm({
        texts, declaration, filled: begun.filled, first: FIRST,
        changed: (filled, name) => {
            if (isByFinger) form.leadOn(name);
            saver.note(filled);
            saver.settled().then(() => { saved.textContent = say("kept_here"); }, () => { saved.textContent = say("not_kept"); });
        },
    });

    function wrong(filled) {
        const day = filled.occurred_at ? studyDay(filled.occurred_at, texts.timeZone) : "";
        return problems(declaration, filled, day).map(([name, code]) => [name, declaration.problems[code]]);
    }

    async function submit(event) {
        event.preventDefault();
        const filled = form.content();
        const found = wrong(filled);
        form.showProblems(found);
        if (found.length) {
            show(errors, found.map(([name, text]) => ({ target: `id_${name}`, text: `${labelOf(declaration, name)}: ${text}` })));
            return;
        }
        await saver.stop();
        await phone.finishLog({ id: logId, visit, filled, isCorrection });
        app.go("days", { day: visit.planned_on, done: true }, true);
    }

    function show(place, entries) {
        place.replaceChildren(problemSummary(texts, entries));
        place.firstChild.focus();
    }

    async function discard() {
        await saver.stop();
        await phone.dropDraft(logId);
        app.go("visit", { id }, true);
    }

    const on = { submit, pointerdown: () => { isByFinger = true; }, keydown: () => { isByFinger = false; } };
    return {
        title: say("log_title"),
        heading: visit.participant,
        back: "visit",
        backTo: { id },
        leave: () => saver.settled(),
        nodes: [
            refusal ? notice("error", el("strong", { text: say("refused_because") }), ` ${refusal.detail || say("refused_unknown")}`) : null,
            errors,
            el("form", { novalidate: true, autocomplete: "off", on },
                ...form.first, el("h2", { text: say("more_of_visit") }), ...form.rest,
                el("div", { class: "save-bar" }, saved, el("button", { class: "btn btn-primary btn-lg w-100", text: say("save") }))),
            button(say("discard"), discard, "btn btn-link mt-3"),
        ],
    };
}

// What she left off at: a correction, a draft, or a new log.
async function beginning(phone, visit, start) {
    const draft = await phone.openDraft("log", visit.id);
    const refused = phone.records.find((record) => record.kind === "log" && record.visit === visit.id && record.state === "refused" && record.payload?.sealed);
    if (refused) {
        const { visit: _visit, ...sent } = await phone.opened(refused).catch(() => ({}));
        return { logId: refused.id, filled: draft?.id === refused.id ? draft.filled : sent, isCorrection: true, refusal: refused.refusal };
    }
    if (draft) return { logId: draft.id, filled: draft.filled, isCorrection: false };
    return { logId: crypto.randomUUID(), filled: { occurred_at: toMinute(Date.now()), ...start }, isCorrection: false };
}

function labelOf(declaration, name) {
    return declaration.fields.find((field) => field.name === name).label;
}
