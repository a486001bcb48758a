// Before a survey: is she alone?
import { button, el, notice } from "../phone/dom.js";
import { isSafeTime } from "../phone/moments.js";
import { gonePage } from "./page_case.js";

export function beforePage(app, { id }) {
    const { phone, texts } = app;
    const { say } = texts;
    const one = phone.visit(id);
    if (!one || !phone.form(one)) return gonePage(app);
    const { card } = phone.card(one);
    // Whether she still agrees is known for a day.
    const mayBegin = card !== null || phone.refusedOf(id, "survey");
    const begin = () => {
        app.alone = id;
        app.go("ask", { id }, true);
    };
    return {
        title: say("visit_title"),
        heading: say("is_she_alone"),
        back: "case",
        backTo: { id },
        nodes: [
            el("p", { class: "lead-text", text: `${one.participant} · ${say("nobody_hears")}` }),
            card && !isSafeTime(card, texts.timeZone, Date.now()) ? notice("warning", say("not_safe_now")) : null,
            mayBegin ? null : notice("warning", say(phone.cardsAreOver() ? "card_over" : "card_closed")),
            el("p", { text: say("cover_how") }),
            el("div", { class: "d-grid gap-2" },
                mayBegin ? button(say("alone_yes"), begin, "btn btn-primary btn-lg") : null,
                button(say("alone_no"), () => app.go("attempt", { id, start: { outcome: "not_alone", channel: "visit" } }, true), "btn btn-outline-primary btn-lg")),
        ],
    };
}
