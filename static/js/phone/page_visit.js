// One visit: how to arrive safely first, then whether she is alone, then the log.
import { button, el, fact, notice, status } from "./dom.js";
import { isSafeTime, toMinute } from "./moments.js";
import { levelMark, logMark } from "./page_days.js";
import { TAKEN_BACK_WITHIN_MS } from "./phone.js";

const CLOSED = ["over", "not_yours", "card_not_due", "consent_missing", "conflict_of_interest"];

export function visitPage(app, { id, isUnkept = false }) {
    const { phone, texts } = app;
    const covered = phone.covered.has(id);
    const { say } = texts;
    const visit = phone.visit(id);
    if (!visit) return { title: say("visit_title"), heading: say("visit_gone"), nodes: [el("p", { text: say("visit_gone_why") })], back: "days" };
    const { card, why } = phone.card(visit);
    const closed = CLOSED.includes(why) ? say(`card_${why}`) : say("card_closed");
    return {
        title: say("visit_title"),
        heading: visit.participant,
        back: "days",
        live: true,
        nodes: [
            el("p", { class: "d-flex flex-wrap gap-2 align-items-center" }, `${texts.day(visit.planned_on)}, ${visit.window_from}–${visit.window_until}`, levelMark(app, visit), logMark(texts, visit)),
            isUnkept ? notice("error", say("not_kept")) : null,
            visit.isGone ? notice("warning", say("visit_moved_why")) : null,
            covered ? coveredCard(app, visit) : card ? arrivalCard(texts, card) : notice("warning", closed),
            ...actions(app, visit, covered),
        ],
    };
}

export function arrivalCard(texts, card) {
    const { say } = texts;
    const isSafe = isSafeTime(card, texts.timeZone, Date.now());
    const days = [...card.safe_weekdays].sort().map((day) => texts.weekday(day - 1)).join(", ");
    return el(
        "section",
        { class: "safe-card", "aria-label": say("arrive_safely") },
        el("h2", { class: "mt-0", text: say("arrive_safely") }),
        card.do_not_approach_if ? el("p", { class: "alert alert-danger" }, el("strong", { text: say("do_not_approach") }), ` ${card.do_not_approach_if}`) : null,
        el("p", {}, isSafe ? status("good", say("safe_now")) : status("bad", say("not_safe_now"))),
        el("dl", { class: "mb-0" },
            fact(say("safe_times"), `${days}, ${card.safe_from}–${card.safe_until} · ${texts.say(`channel_${card.channel}`)}`),
            card.code_word ? [el("dt", { text: say("code_word") }), el("dd", { class: "fs-4", text: card.code_word })] : [],
            fact(say("who_may_be_home"), card.who_may_be_home),
            fact(say("if_someone_else"), card.if_someone_else_answers),
            fact(say("name"), card.name),
            fact(say("address"), card.address, card.address_hint ? el("span", { class: "d-block", text: card.address_hint }) : null),
            fact(say("telephone"), card.telephone)),
    );
}

function coveredCard(app, visit) {
    return notice("warning", app.texts.say("covered"), " ", button(app.texts.say("show_again"), () => uncover(app, visit), "btn btn-link btn-sm"));
}

function uncover(app, visit) {
    app.phone.covered.delete(visit.id);
    app.go("visit", { id: visit.id }, true);
}

function actions(app, visit, covered) {
    const { phone, texts } = app;
    const { say } = texts;
    if (visit.log && visit.log !== "draft") return [heldNotice(app, visit), visit.log === "refused" ? button(say("correct"), () => app.go("log", { id: visit.id }), "btn btn-primary btn-lg w-100 mb-2") : null, sheetButton(app, visit)];
    if (visit.log_state && !visit.log) return [el("p", { class: "mt-3", text: say("already_logged") }), sheetButton(app, visit)];
    if (phone.breaking.has(visit.id)) return [];
    if (visit.log === "draft") return [el("div", { class: "mt-3" }, button(say("go_on"), () => app.go("log", { id: visit.id }), "btn btn-primary btn-lg w-100 mb-2")), sheetButton(app, visit)];
    return [
        covered ? null : el("h2", { text: say("alone_question") }),
        el("div", { class: "d-grid gap-2" },
            button(say("alone_yes"), () => beginLog(app, visit, true), "btn btn-primary btn-lg"),
            button(say("alone_no"), () => breakOff(app, visit), "btn btn-danger btn-lg"),
            button(say("not_spoken"), () => beginLog(app, visit, false), "btn btn-outline-secondary btn-lg")),
        phone.days.declaration ? null : notice("warning", say("days_not_here_why")),
        sheetButton(app, visit),
    ];
}

function sheetButton(app, visit) {
    const { phone, texts } = app;
    if (!phone.days.scale || phone.days.scale.kind === "by_hand") return null;
    const isWaiting = phone.records.some(({ kind, visit: of, state }) => kind === "sheet" && of === visit.id && state !== "refused");
    return el("p", { class: "mt-3" }, isWaiting ? el("span", { class: "item-note", text: texts.say("sheet_written") }) : button(texts.say("sheet_fill"), () => app.go("sheet", { id: visit.id }), "btn btn-outline-primary w-100"));
}

// What she said of it goes by the phone, not by the browser's history: that lies on the disk in clear.
function beginLog(app, visit, isAlone) {
    if (isAlone) app.phone.alone.add(visit.id);
    else app.phone.alone.delete(visit.id);
    app.go("log", { id: visit.id });
}

// One tap: what would put her in danger is covered until she asks for it, and that the visit was broken off is logged. For
// a moment it can be taken back. A finger that comes down twice breaks off once.
async function breakOff(app, visit) {
    const { phone } = app;
    if (phone.breaking.has(visit.id)) return;
    const filled = { outcome: "aborted", reason: "not_private", in_private: "no", occurred_at: toMinute(Date.now()) };
    phone.covered.add(visit.id);
    phone.breaking.add(visit.id);
    app.go("visit", { id: visit.id }, true);
    try {
        await phone.finishLog({ id: crypto.randomUUID(), visit, filled, heldMs: TAKEN_BACK_WITHIN_MS });
    } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        phone.breaking.delete(visit.id);
        app.go("visit", { id: visit.id, isUnkept: true }, true);
    } finally {
        phone.breaking.delete(visit.id);
    }
}

function heldNotice(app, visit) {
    const { say } = app.texts;
    const record = app.phone.records.find((one) => one.kind === "log" && one.visit === visit.id && one.state === "queued" && one.notBefore > Date.now() && one.attempts === 0);
    if (!record) return null;
    const undo = async () => {
        if (await app.phone.takeBack(record.id)) uncover(app, visit);
    };
    setTimeout(() => app.refresh(), record.notBefore - Date.now() + 50);
    return el("div", { class: "notice notice-info mt-3", role: "status" }, say("broken_off"), " ", button(say("undo"), undo, "btn btn-outline-primary btn-sm"));
}
