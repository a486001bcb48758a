// One survey: how to reach her safely first, then what was tried, then what to do.
import { studyDay } from "../offline/rules.js";
import { button, el, notice } from "../phone/dom.js";
import { logMark } from "../phone/page_days.js";
import { arrivalCard } from "../phone/page_visit.js";
import { isOpen } from "./cases.js";

export function gonePage({ texts: { say } }) {
    return { title: say("visit_title"), heading: say("visit_gone"), nodes: [el("p", { text: say("visit_gone_why") })], back: "days" };
}

export function casePage(app, { id }) {
    const { phone, texts } = app;
    const { say } = texts;
    const one = phone.visit(id);
    if (!one) return gonePage(app);
    const { card } = phone.card(one);
    return {
        title: say("visit_title"),
        heading: one.participant,
        back: "days",
        live: true,
        nodes: [
            el("p", { class: "d-flex flex-wrap gap-2 align-items-center" }, `${one.wave} · ${say("until", { day: texts.day(one.window_until) })}`, logMark(texts, one)),
            one.isGone ? notice("warning", say("visit_moved_why")) : null,
            phone.earlier(one).length && !one.log ? notice("info", say("begun_before")) : null,
            card ? arrivalCard(texts, card) : notice("warning", say(phone.cardsAreOver() ? "card_over" : "card_closed")),
            el("div", { class: "d-grid gap-2 mt-3" }, ...actions(app, one, card)),
            ...tried(app, one),
        ],
    };
}

function actions(app, one, card) {
    const { phone, texts: { say, day, timeZone } } = app;
    const go = (name, label, kind) => button(say(label), () => app.go(name, { id: one.id }), kind);
    const after = go("debrief", "after", "btn btn-outline-primary");
    if (phone.refusedOf(one.id)) return [go("entry", "correct", "btn btn-primary btn-lg"), after];
    if (one.log && one.log !== "draft") return [after];
    const today = studyDay(Date.now(), timeZone);
    if (!isOpen(one, today)) return [el("p", { text: say("opens_on", { day: day(one.window_from) }) })];
    const mayBegin = card && !one.isGone;
    return [
        mayBegin && phone.form(one) ? go("survey", one.log || phone.earlier(one).length ? "go_on" : "begin", "btn btn-primary btn-lg") : null,
        mayBegin && !phone.form(one) ? el("p", { text: say("no_form") }) : null,
        card ? go("attempt", "write_attempt", "btn btn-outline-primary btn-lg") : null,
    ].filter(Boolean);
}

function tried(app, one) {
    const { phone, texts } = app;
    const { outcome, channel } = phone.days.choices;
    const word = (listed, value) => listed.find(([code]) => code === value)?.[1] ?? value;
    if (one.tried.length === 0) return [];
    const line = (attempt) => el("li", { class: "item-card" }, el("span", { class: "item-main" },
        word(outcome, attempt.outcome),
        el("span", { class: "d-block item-note", text: `${texts.moment(attempt.at)} · ${word(channel, attempt.channel)}` }),
        attempt.next_at ? el("span", { class: "d-block item-note", text: `${texts.say("next_at")}: ${texts.moment(attempt.next_at)}` }) : null));
    return [el("h2", { text: texts.say("what_was_tried") }), el("ul", { class: "item-list" }, ...one.tried.map(line))];
}
