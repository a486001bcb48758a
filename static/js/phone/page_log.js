// The log of a visit, from the server's declaration: the button stays in sight, everything is kept as it is typed.
import { problems, studyDay } from "../offline/rules.js";
import { button, el, notice, once } from "./dom.js";
import { Saver } from "./drafts.js";
import { drawForm, problemSummary } from "./form.js";
import { toMinute } from "./moments.js";

const FIRST = ["outcome", "reason", "occurred_at", "safety_concern"];

export async function logPage(app, { id }) {
    const { phone, texts } = app;
    const { say } = texts;
    const visit = phone.visit(id);
    const { declaration } = phone.days;
    if (!visit || !declaration) return { title: say("log_title"), heading: say("visit_gone"), nodes: [el("p", { text: say("days_not_here_why") })], back: "days" };
    const begun = await beginning(phone, visit);
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
            keep(filled);
        },
    });

    function keep(filled) {
        saver.note(filled);
        saver.settled().then(() => { saved.textContent = say("kept_here"); }, () => { saved.textContent = say("not_kept"); });
    }

    function wrong(filled) {
        const day = filled.occurred_at ? studyDay(filled.occurred_at, texts.timeZone) : "";
        return problems(declaration, filled, day).map(([name, code]) => [name, declaration.problems[code]]);
    }

    async function submit() {
        const filled = form.content();
        const found = wrong(filled);
        form.showProblems(found);
        if (found.length) {
            show(errors, found.map(([name, text]) => ({ target: `id_${name}`, text: `${labelOf(declaration, name)}: ${text}` })));
            return;
        }
        await saver.stop();
        await phone.finishLog({ id: logId, visit, filled, isCorrection });
        await app.go("days", { day: visit.planned_on, done: true }, true);
    }

    function refused() {
        keep(form.content());
        show(errors, [{ target: "save", text: say("not_kept") }]);
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

    const on = { submit: once(submit, refused), pointerdown: () => { isByFinger = true; }, keydown: () => { isByFinger = false; } };
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
                el("div", { class: "save-bar" }, saved, el("button", { class: "btn btn-primary btn-lg w-100", id: "save", text: say("save") }))),
            button(say("discard"), discard, "btn btn-link mt-3"),
        ],
    };
}

// What she left off at: a correction, a draft, or a new log.
async function beginning(phone, visit) {
    const draft = await phone.openDraft("log", visit.id);
    const refused = await phone.toCorrect("log", visit.id);
    if (refused) {
        const [{ id: logId, refusal }, { visit: _visit, ...sent }] = [refused.record, refused.said];
        return { logId, filled: draft?.id === logId ? draft.filled : sent, isCorrection: true, refusal };
    }
    if (draft) return { logId: draft.id, filled: draft.filled, isCorrection: false };
    const start = phone.alone.has(visit.id) ? { in_private: "yes" } : {};
    return { logId: crypto.randomUUID(), filled: { occurred_at: toMinute(Date.now()), ...start }, isCorrection: false };
}

function labelOf(declaration, name) {
    return declaration.fields.find((field) => field.name === name).label;
}
