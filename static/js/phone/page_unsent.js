// What she wrote and how it stands: waiting, refused, being decided, received with its receipt.
import { studyDay } from "../offline/rules.js";
import { button, el, notice, status } from "./dom.js";
import { ageText, lineNotice, logMark } from "./page_days.js";

const ORDER = ["refused", "queued", "sending", "conflict", "received"];

export function unsentPage(app) {
    const { phone, texts } = app;
    const { say, count } = texts;
    const shown = [...phone.records].filter(({ payload }) => payload?.sealed !== null || payload === null).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.seq - a.seq);
    const locked = phone.lockedAway().length;
    const isOffline = ["offline", "checking"].includes(phone.state.line);
    const { waiting } = phone.summary();
    return {
        title: say("unsent_title"),
        heading: say("unsent_title"),
        back: "days",
        live: true,
        nodes: [
            lineNotice(app),
            locked ? notice("warning", count("kept_sealed", locked)) : null,
            shown.length + phone.drafts.length === 0 ? el("div", { class: "empty" }, el("p", { class: "empty-title", text: say("nothing_waits") }), el("p", { text: say("nothing_waits_why") })) : null,
            el("ul", { class: "item-list" }, ...phone.drafts.filter(({ sealed }) => sealed).map((draft) => el("li", {}, draftItem(app, draft))), ...shown.map((record) => el("li", {}, recordItem(app, record)))),
            waiting || locked ? el("div", { class: "d-grid gap-2 mt-4" }, button(say("send_now"), () => app.phone.sync.run(), isOffline ? "btn btn-outline-primary" : "btn btn-primary"), ...fileOf(app)) : null,
        ],
    };
}

function codeOf(app, visitId) {
    return app.phone.visit(visitId)?.participant ?? app.texts.say("a_visit");
}

function recordItem(app, record) {
    const { texts } = app;
    const { say } = texts;
    const isWrong = record.state === "refused";
    const kind = say(`a_${record.about ?? record.kind}`);
    const lines = [el("span", { class: "item-note d-block", text: `${kind} · ${texts.moment(record.queuedAt)} · ${ageText(texts, record.queuedAt)}` })];
    if (record.receipt) lines.push(el("span", { class: "item-note d-block text-wrap", text: say("receipt", { when: texts.moment(record.receipt.receivedAt), hash: record.receipt.sha256.slice(0, 12) }) }));
    if (record.state === "conflict") lines.push(el("span", { class: "item-note d-block text-wrap", text: say("conflict_why") }));
    if (isWrong) lines.push(el("span", { class: "item-note d-block text-wrap", text: record.refusal?.detail || say("refused_unknown") }));
    const inside = [el("span", { class: "item-main" }, el("span", { class: "d-flex flex-wrap justify-content-between gap-1" }, el("span", { class: "item-title", text: codeOf(app, record.visit) }), logMark(texts, { log: record.state })), ...lines)];
    if (!isWrong) return el("div", { class: "item-card" }, ...inside);
    const open = () => app.go(record.kind, { id: record.visit });
    return el("button", { type: "button", class: "item-card w-100 text-start", on: { click: open } }, ...inside, el("span", { text: say("correct") }));
}

function draftItem(app, draft) {
    const { texts } = app;
    const open = () => app.go(draft.kind, { id: draft.visit });
    return el("button", { type: "button", class: "item-card w-100 text-start", on: { click: open } },
        el("span", { class: "item-main" }, el("span", { class: "item-title d-block", text: codeOf(app, draft.visit) }), el("span", { class: "item-note d-block", text: `${texts.say("draft_of")} · ${ageText(texts, draft.savedAt)}` })),
        status("warn", texts.say("log_draft")));
}

// A supervisor brings it in, or whoever coordinates those who ask.
function fileOf(app) {
    const { say } = app.texts;
    return [button(say("save_file"), () => saveFile(app), "btn btn-outline-secondary"), el("p", { class: "form-text", text: say("save_file_why") })];
}

export function saveFile(app) {
    const day = studyDay(Date.now(), app.texts.timeZone);
    const address = URL.createObjectURL(new Blob([app.phone.rescueFile()], { type: "application/json" }));
    el("a", { href: address, download: `agenda-${day}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
