// A try to reach her, written down without a signal.
import { problems, studyDay } from "../offline/rules.js";
import { el, notice, once } from "../phone/dom.js";
import { drawForm, problemSummary } from "../phone/form.js";
import { isSafeTime, toMinute } from "../phone/moments.js";
import { gonePage } from "./page_case.js";
import { attemptDeclaration, attemptProblems, attemptSaid, WITHIN } from "./questions.js";

export async function attemptPage(app, { id, start = {} }) {
    const { phone, texts } = app;
    const { say } = texts;
    const one = phone.visit(id);
    const { card } = one ? phone.card(one) : {};
    if (!card) return gonePage(app);
    const refused = phone.refusedOf(id, "attempt");
    const sent = refused ? ((await phone.opened(refused)) ?? {}) : {};
    const { case: _case, kind: _kind, at: _at, ...before } = sent;
    const declaration = attemptDeclaration(texts, phone.days.choices, ["visit", card.channel]);
    const isSafe = (moment) => isSafeTime(card, texts.timeZone, moment);
    const filled = { attempted_at: toMinute(Date.now()), channel: card.channel, outside_reason: WITHIN, ...start, ...before };
    const errors = el("div");
    const form = drawForm({ texts, declaration, filled, first: declaration.fields.map(({ name }) => name), changed: () => {} });

    async function submit() {
        const said = form.content();
        const day = said.attempted_at ? studyDay(said.attempted_at, texts.timeZone) : "";
        const found = [...problems(declaration, said, day).map(([name, code]) => [name, code === "required" ? "needed" : "look_again"]), ...attemptProblems(said, Date.now(), isSafe)];
        form.showProblems(found.map(([name, text]) => [name, say(text)]));
        if (found.length) {
            const label = (name) => declaration.fields.find((field) => field.name === name).label;
            errors.replaceChildren(problemSummary(texts, found.map(([name, text]) => ({ target: `id_${name}`, text: `${label(name)}: ${say(text)}` }))));
            errors.firstChild.focus();
            return;
        }
        await phone.finishEntry({ id: refused?.id ?? crypto.randomUUID(), one, about: "attempt", said: attemptSaid(said), isCorrection: refused !== null });
        await app.go("days", {}, true);
    }

    function unkept() {
        errors.replaceChildren(problemSummary(texts, [{ target: "save", text: say("not_kept") }]));
        errors.firstChild.focus();
    }

    return {
        title: say("visit_title"),
        heading: one.participant,
        back: "case",
        backTo: { id },
        nodes: [
            refused ? notice("error", el("strong", { text: say("refused_because") }), ` ${refused.refusal?.detail || say("refused_unknown")}`) : null,
            notice("info", say("say_nothing")),
            errors,
            el("form", { novalidate: true, autocomplete: "off", on: { submit: once(submit, unkept) } }, ...form.first, el("button", { class: "btn btn-primary btn-lg w-100", id: "save", text: say("save_attempt") })),
        ],
    };
}
