// After a survey, whatever became of it: the lines to offer her, always, and how it went for whoever asked.
import { problems } from "../offline/rules.js";
import { button, el, notice, once } from "../phone/dom.js";
import { drawForm, problemSummary } from "../phone/form.js";
import { gonePage } from "./page_case.js";
import { debriefDeclaration } from "./questions.js";

export async function afterPage(app, { id, outcome = "" }) {
    const { phone, texts, boot } = app;
    const { say } = texts;
    const one = phone.visit(id);
    if (!one) return gonePage(app);
    const isPut = outcome === "not_private";
    const word = { not_private: "nothing_was_asked", refused: "she_declined", partial: "saved_here", done: "saved_here" }[outcome];
    return {
        title: say("visit_title"),
        heading: say(isPut ? "another_day" : "thank_you"),
        back: "days",
        nodes: [
            word ? el("p", { role: "status", text: say(word) }) : null,
            el("h2", { text: say("offer_lines") }),
            el("ul", {}, ...phone.days.lines.map(({ name, number, note }) => el("li", {}, el("strong", { text: name }), number ? " · " : "", number ? el("a", { href: `tel:${number}`, text: number }) : null, el("br"), note))),
            isPut ? null : el("p", {}, el("a", { class: "btn btn-outline-primary", href: boot.urls.referral.replace("CODE", one.participant), text: say("offer_service") }), el("span", { class: "form-text d-block", text: say("offer_service_how") })),
            isPut ? button(say("when_again"), () => app.go("attempt", { id, start: { outcome: "not_alone", channel: "visit" } }), "btn btn-outline-primary") : null,
            ...(isPut ? [] : await debrief(app, one)),
            el("p", { class: "mt-3" }, button(say("to_list"), () => app.go("days", {}, true), "btn btn-outline-secondary")),
        ],
    };
}

async function debrief(app, one) {
    const { phone, texts } = app;
    const { say } = texts;
    const refused = phone.refusedOf(one.id, "debrief");
    const { case: _case, kind: _kind, at: _at, ...before } = refused ? ((await phone.opened(refused)) ?? {}) : {};
    const declaration = debriefDeclaration(texts, phone.days.choices);
    const form = drawForm({ texts, declaration, filled: { wish: "any", codes: [], ...before }, first: declaration.fields.map(({ name }) => name), changed: () => {} });
    const errors = el("div");

    async function submit() {
        const said = form.content();
        const found = problems(declaration, said, "").map(([name]) => ({ target: `id_${name}`, text: say("needed") }));
        if (found.length) return errors.replaceChildren(problemSummary(texts, found));
        await phone.finishEntry({ id: refused?.id ?? crypto.randomUUID(), one, about: "debrief", said, isCorrection: refused !== null });
        return app.go("days", {}, true);
    }

    function unkept() {
        errors.replaceChildren(problemSummary(texts, [{ target: "save", text: say("not_kept") }]));
        errors.firstChild.focus();
    }

    return [
        el("h2", { text: say("how_did_it_go") }),
        refused ? notice("error", el("strong", { text: say("refused_because") }), ` ${refused.refusal?.detail || say("refused_unknown")}`) : null,
        errors,
        el("form", { novalidate: true, autocomplete: "off", on: { submit: once(submit, unkept) } }, ...form.first, el("button", { class: "btn btn-primary btn-lg w-100", id: "save", text: say("save_debrief") })),
    ];
}
