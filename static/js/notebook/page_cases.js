// Whom to ask this week, those whose time ends first before the others.
import { studyDay } from "../offline/rules.js";
import { el } from "../phone/dom.js";
import { ageNotice, initials, lineNotice, logMark, unsentNotice } from "../phone/page_days.js";
import { isOpen } from "./cases.js";

export function casesPage(app) {
    const { phone, texts } = app;
    const { say } = texts;
    const today = studyDay(Date.now(), texts.timeZone);
    const cases = phone.cases();
    const [open, later] = [cases.filter((one) => isOpen(one, today)), cases.filter((one) => !isOpen(one, today))];
    return {
        title: say("days_title"),
        heading: say("days_title"),
        live: true,
        nodes: [
            lineNotice(app),
            unsentNotice(app),
            ageNotice(app),
            cases.length === 0 ? empty(app) : null,
            ...listOf(app, open, null),
            ...listOf(app, later, say("later")),
        ],
    };
}

function listOf(app, cases, heading) {
    if (cases.length === 0) return [];
    return [heading ? el("h2", { text: heading }) : null, el("ul", { class: "item-list" }, ...cases.map((one) => el("li", {}, item(app, one))))];
}

function empty({ phone, texts: { say } }) {
    const isNew = phone.days.now === null;
    return el("div", { class: "empty" }, el("p", { class: "empty-title", text: say(isNew ? "days_not_here" : "no_visits") }), el("p", { text: say(isNew ? "days_not_here_why" : "no_visits_why") }));
}

function item(app, one) {
    const { texts, phone } = app;
    const { card } = phone.card(one);
    const tried = one.tried.length ? texts.count("tried", one.tried.length) : "";
    const note = [card ? initials(card.name) : "", one.wave, texts.say("until", { day: texts.shortDay(one.window_until) }), tried];
    return el("button", { type: "button", class: "item-card w-100 text-start", on: { click: () => app.go("case", { id: one.id }) } },
        el("span", { class: "item-main" },
            el("span", { class: "d-flex flex-wrap justify-content-between gap-1" }, el("span", { class: "item-title", text: one.participant }), logMark(texts, one)),
            el("span", { class: "item-note d-block mt-1", text: note.filter(Boolean).join(" · ") })));
}
