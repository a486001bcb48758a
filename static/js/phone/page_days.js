// Her days: today and the next three, hers first, and how what she wrote stands.
import { age, dayAfter } from "./moments.js";
import { button, el, notice, status } from "./dom.js";
import { studyDay } from "../offline/rules.js";

const OLD_MS = 12 * 3_600_000;
const LOG_STATES = { draft: "warn", queued: "warn", sending: "warn", refused: "bad", received: "good", conflict: "warn" };
// As LOGGABLE of visits/states.py.
const LOGGABLE = ["planned", "missed"];
export const DAYS_AHEAD = 3;

export function daysPage(app, { day: asked } = {}) {
    const { phone, texts } = app;
    const { say } = texts;
    const today = studyDay(Date.now(), texts.timeZone);
    const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, n) => dayAfter(today, n));
    const day = days.includes(asked) ? asked : today;
    const all = phone.visits();
    // What was planned before today and is not logged, or still waits here, is shown with today.
    const isShown = (visit, of) => visit.planned_on === of || (of === today && visit.planned_on < today && isAwaited(visit));
    const rankOf = new Map((phone.days.scale?.levels ?? []).map(({ code }, rank) => [code, rank]));
    const graver = (one, other) => (rankOf.get(other.level) ?? -1) - (rankOf.get(one.level) ?? -1);
    // The gravest first, as on the server's list; then by the hour.
    const visits = all.filter((visit) => isShown(visit, day)).sort(graver);
    const mine = visits.filter((visit) => visit.is_mine);
    const others = visits.filter((visit) => !visit.is_mine);
    const lastKnown = lastDayKnown(app);
    const tabs = days.map((one) => {
        const name = one === today ? say("today") : texts.shortDay(one);
        const n = all.filter((visit) => isShown(visit, one)).length;
        return el("button", { type: "button", text: `${name} · ${n || one <= lastKnown ? n : "?"}`, "aria-current": one === day ? "page" : null, on: { click: () => app.go("days", { day: one }, true) } });
    });
    return {
        title: say("days_title"),
        heading: day === today ? say("today") : texts.day(day),
        live: true,
        nodes: [
            lineNotice(app),
            unsentNotice(app),
            ageNotice(app),
            el("nav", { class: "tabs", "aria-label": say("days_title") }, ...tabs),
            visits.length === 0 ? emptyDay(app, day <= lastKnown) : null,
            ...listOf(app, mine, others.length ? say("yours") : null),
            ...listOf(app, others, mine.length ? say("of_colleagues") : null),
        ],
    };
}

function isAwaited(visit) {
    if (visit.log) return visit.log !== "received";
    return !visit.is_colleagues && !visit.isGone && !visit.log_state && LOGGABLE.includes(visit.status);
}

function listOf(app, visits, heading) {
    if (visits.length === 0) return [];
    return [heading ? el("h2", { text: heading }) : null, el("ul", { class: "item-list" }, ...visits.map((visit) => el("li", {}, visitItem(app, visit))))];
}

// The last day of which the server has said what there is; "" while it has said nothing.
function lastDayKnown({ phone, texts }) {
    const { contactAt } = phone.state;
    return phone.days.now === null || contactAt === null ? "" : dayAfter(studyDay(contactAt, texts.timeZone), DAYS_AHEAD);
}

function emptyDay(app, isKnown) {
    const { say } = app.texts;
    return el("div", { class: "empty" }, el("p", { class: "empty-title", text: say(isKnown ? "no_visits" : "days_not_here") }), el("p", { text: say(isKnown ? "no_visits_why" : "days_not_here_why") }));
}

function visitItem(app, visit) {
    const { texts, phone } = app;
    const { card } = phone.card(visit);
    const today = studyDay(Date.now(), texts.timeZone);
    const day = visit.planned_on < today ? `${texts.nearDay(visit.planned_on, today)}, ` : "";
    const hours = `${day}${visit.window_from}–${visit.window_until}`;
    const node = el(
        "button",
        { type: "button", class: "item-card w-100 text-start", on: { click: () => app.go("visit", { id: visit.id }) } },
        el("span", { class: "item-main" },
            el("span", { class: "d-flex flex-wrap justify-content-between gap-1" }, el("span", { class: "item-title", text: visit.participant }), levelMark(app, visit)),
            el("span", { class: "d-flex flex-wrap justify-content-between gap-1 mt-1" }, el("span", { class: "item-note", text: [card ? initials(card.name) : "", hours].filter(Boolean).join(" · ") }), logMark(texts, visit))),
    );
    return node;
}

export function levelMark(app, visit) {
    const levels = app.phone.days.scale?.levels ?? [];
    const rank = levels.findIndex(({ code }) => code === visit.level);
    if (rank < 0) return null;
    const label = (app.texts.language === "en" && levels[rank].label_en) || levels[rank].label;
    return el("span", { class: `level level-${Math.min(3, rank)}`, text: label });
}

export function logMark({ say }, visit) {
    if (visit.log) return status(LOG_STATES[visit.log], say(`log_${visit.log}`));
    if (visit.log_state === "in_conflict") return status("warn", say("log_conflict"));
    if (visit.log_state) return status("good", say("log_logged"));
    return visit.isGone ? status("warn", say("visit_moved")) : null;
}

export function initials(name) {
    const parts = name.split(/\s+/).filter(Boolean);
    return [parts[0], parts.length > 1 ? parts[1] : ""].filter(Boolean).map((part) => `${part[0]}.`).join(" ");
}

export function ageText({ count }, since) {
    const [n, unit] = age(since, Date.now());
    return count(`ago_${unit}`, n);
}

// "3 on this phone, oldest 2 h".
export function unsentNotice(app) {
    const { phone, texts } = app;
    const { waiting, oldestAt, refused, conflicts, drafts } = { ...phone.summary(), drafts: phone.drafts.length };
    const lines = [];
    if (waiting) lines.push(el("strong", { class: "d-block", text: texts.count("waiting", waiting, { age: ageText(texts, oldestAt) }) }));
    if (refused) lines.push(el("span", { class: "d-block", text: texts.count("refused", refused) }));
    if (drafts) lines.push(el("span", { class: "d-block", text: texts.count("drafts", drafts) }));
    if (conflicts) lines.push(el("span", { class: "d-block", text: texts.count("conflicts", conflicts) }));
    if (lines.length === 0) return null;
    const isOld = waiting && Date.now() - oldestAt > OLD_MS;
    if (isOld) lines.push(el("span", { class: "d-block", text: texts.say("unsent_old") }));
    const kind = isOld || refused ? "error" : waiting || drafts ? "warning" : "info";
    return el("div", { class: `notice notice-${kind}`, role: "status" }, ...lines, button(texts.say("see_unsent"), () => app.go("unsent"), "btn btn-link btn-sm px-0"));
}

export function ageNotice(app) {
    const { phone, texts } = app;
    const { contactAt, skewMs } = phone.state;
    const nodes = [];
    if (contactAt === null && phone.state.line === "checking") return null;
    if (contactAt === null || phone.cardsAreOver()) nodes.push(notice("error", texts.say("cards_over")));
    else nodes.push(el("p", { class: "item-note", text: texts.say("as_of", { when: texts.moment(contactAt) }) }));
    if (Math.abs(skewMs ?? 0) > 300_000) nodes.push(notice("warning", texts.count("clock_wrong", Math.round(Math.abs(skewMs) / 60_000))));
    return el("div", {}, ...nodes);
}

export function lineNotice(app) {
    const { texts, phone } = app;
    const { line } = phone.state;
    if (line === "ok" || line === "checking") return null;
    const extra = line === "signed_out" || line === "other_user" ? [" ", el("a", { href: app.signInUrl(), text: texts.say("sign_in") })] : [];
    return el("div", { class: `notice notice-${line === "offline" ? "info" : "warning"}`, role: "status" }, texts.say(`line_${line}`), ...extra);
}
