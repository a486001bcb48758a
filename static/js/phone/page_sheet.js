// The risk sheet, asked from the scale's data and reckoned on the phone; the server reckons it again.
import { itemScores, score, skippedItems } from "../offline/score.js";
import { button, el, notice, once } from "./dom.js";
import { Saver } from "./drafts.js";
import { problemSummary } from "./form.js";

const YES_NO = ["si", "no"];
const RATINGS = Array.from({ length: 11 }, (_, n) => String(n));

export async function sheetPage(app, { id }) {
    const { phone, texts } = app;
    const { say } = texts;
    const visit = phone.visit(id);
    const { scale } = phone.days;
    if (!visit || !scale) return { title: say("sheet_title"), heading: say("visit_gone"), nodes: [el("p", { text: say("days_not_here_why") })], back: "days" };
    const begun = await beginning(phone, visit);
    const filled = { answers: {}, overrides: {}, ...begun.filled };
    const saver = new Saver((said) => phone.saveDraft({ kind: "sheet", id: begun.sheetId, visit: visit.id, filled: said, isCorrection: begun.isCorrection }));
    const [errors, result] = [el("div"), el("div", { class: "notice notice-info", role: "status" })];
    const saved = el("p", { class: "item-note mb-1", role: "status" });
    const questions = scale.items.map((item) => ({ item, node: question(texts, `item_${item.id}`, `${item.id}. ${worded(texts, item, "text")}`, answersOf(texts, item), filled.answers[item.id], (said) => take("answers", item.id, said)) }));
    const raising = scale.override.map((override) => question(texts, `override_${override.code}`, (texts.language === "en" ? override.label_en : override.label_es) || override.when, yesNo(texts), filled.overrides[override.code], (said) => take("overrides", override.code, said)));
    const judgement = judgementRows(app, scale, filled, changed);

    function take(part, name, said) {
        if (said) filled[part][name] = said;
        else delete filled[part][name];
        changed();
    }

    function changed() {
        refresh();
        keep();
    }

    function keep() {
        saver.note(structuredClone(filled));
        saver.settled().then(() => { saved.textContent = say("kept_here"); }, () => { saved.textContent = say("not_kept"); });
    }

    function refresh() {
        const skipped = new Set(skippedItems(scale, filled.answers));
        for (const { item, node } of questions) node.hidden = skipped.has(item.id);
        const reckoned = reckon(scale, filled);
        result.replaceChildren(resultText(texts, scale, reckoned));
        judgement.offerAbove(reckoned.level);
    }

    async function submit() {
        const reckoned = reckon(scale, filled);
        const isRaised = Boolean(filled.officer_level) && rank(scale, filled.officer_level) > rank(scale, reckoned.level);
        if (isRaised && !filled.reason) {
            show({ target: "id_raised_reason", text: say("reason_needed") });
            return;
        }
        await saver.stop();
        await phone.finishSheet({ id: begun.sheetId, visit, sheet: written(scale, visit, filled, reckoned, isRaised), isCorrection: begun.isCorrection });
        await app.go("days", { day: visit.planned_on, done: true }, true);
    }

    function show(problem) {
        errors.replaceChildren(problemSummary(texts, [problem]));
        errors.firstChild.focus();
    }

    function refused() {
        keep();
        show({ target: "save", text: say("not_kept") });
    }

    async function discard() {
        await saver.stop();
        await phone.dropDraft(begun.sheetId);
        app.go("visit", { id }, true);
    }

    refresh();
    return {
        title: say("sheet_title"),
        heading: visit.participant,
        back: "visit",
        backTo: { id },
        leave: () => saver.settled(),
        nodes: [
            begun.refusal ? notice("error", el("strong", { text: say("refused_because") }), ` ${begun.refusal.detail || say("refused_unknown")}`) : null,
            el("p", { text: say("sheet_how") }),
            errors,
            el("form", { class: "answers", novalidate: true, autocomplete: "off", on: { submit: once(submit, refused) } },
                el("h2", { text: say("sheet_questions") }), ...questions.map(({ node }) => node),
                raising.length ? el("h2", { text: say("sheet_vulnerability") }) : null, ...raising,
                el("h2", { text: say("sheet_judgement") }), ...judgement.rows, result,
                saved, el("button", { class: "btn btn-primary btn-lg w-100", id: "save", text: say("sheet_save") })),
            button(say("discard"), discard, "btn btn-link mt-3"),
        ],
    };
}

async function beginning(phone, visit) {
    const draft = await phone.openDraft("sheet", visit.id);
    const refused = await phone.toCorrect("sheet", visit.id);
    if (refused) {
        const { id: sheetId, refusal } = refused.record;
        return { sheetId, filled: draft?.id === sheetId ? draft.filled : refused.said, isCorrection: true, refusal };
    }
    return { sheetId: draft?.id ?? crypto.randomUUID(), filled: draft?.filled ?? {}, isCorrection: false };
}

export function reckon(scale, { answers, overrides }) {
    const skipped = new Set(skippedItems(scale, answers));
    const asked = Object.fromEntries(Object.entries(answers).filter(([item]) => !skipped.has(item)));
    return score(scale, asked, overrides);
}

function written(scale, visit, filled, reckoned, isRaised) {
    const skipped = new Set(reckoned.skipped);
    const answers = Object.fromEntries(scale.items.map(({ id }) => [id, skipped.has(id) ? null : (filled.answers[id] ?? null)]));
    const overrides = Object.fromEntries(scale.override.map(({ code }) => [code, filled.overrides[code] ?? null]));
    return {
        participant: visit.participant,
        visit: visit.id,
        filled_at: new Date().toISOString(),
        answers,
        overrides,
        officer_level: isRaised ? filled.officer_level : "",
        reason: isRaised ? filled.reason : "",
        own_rating: filled.own_rating ?? null,
        scale: { code: scale.code, version: scale.version },
        device_score: reckoned.score,
        device_level: reckoned.level,
    };
}

function worded(texts, part, name) {
    return (texts.language === "en" && part[`${name}_en`]) || part[name];
}

function yesNo({ say }) {
    return YES_NO.map((code) => [code, say(`answer_${code}`)]);
}

function answersOf(texts, item) {
    if (!item.answers?.length) return yesNo(texts);
    const labels = new Map(item.answers.map((answer) => [answer.code, (texts.language === "en" && answer.label_en) || answer.label_es]));
    return [...itemScores(item).keys()].map((code) => [code, labels.get(code) ?? code]);
}

function question(texts, name, label, answers, value, take) {
    const checks = [...answers, ["", texts.say("answer_blank")]].map(([code, text]) => {
        const id = `id_${name}_${code || "blank"}`;
        const input = el("input", { class: "form-check-input", type: "radio", name, id, value: code, checked: (value ?? "") === code, on: { change: () => take(code) } });
        return el("div", { class: "form-check form-check-inline" }, input, el("label", { class: "form-check-label", for: id, text }));
    });
    return el("fieldset", { class: "mb-3", id: `id_${name}` }, el("legend", { class: "form-label", text: label }), el("div", {}, ...checks));
}

function select(id, label, options, value, take) {
    const node = el("select", { class: "form-select", id, on: { change: () => take(node.value) } }, ...options.map(([code, text]) => el("option", { value: code, text })));
    node.value = value ?? "";
    return { node, row: el("div", { class: "mb-3" }, el("label", { class: "form-label", for: id, text: label }), node) };
}

function judgementRows(app, scale, filled, changed) {
    const { texts, boot } = app;
    const { say } = texts;
    const rating = select("id_own_rating", say("own_rating"), [["", say("not_asked")], ...RATINGS.map((n) => [n, n])], filled.own_rating === undefined || filled.own_rating === null ? "" : String(filled.own_rating), (said) => {
        filled.own_rating = said === "" ? null : Number(said);
        changed();
    });
    const reason = select("id_raised_reason", say("why_higher"), [["", "—"], ...boot.raised_reasons], filled.reason, (said) => {
        filled.reason = said;
        changed();
    });
    const levels = scale.levels.map((band) => [band.code, worded(texts, band, "label")]);
    const level = select("id_officer_level", say("own_level"), [["", say("as_sheet_gives")], ...levels], filled.officer_level, (said) => {
        filled.officer_level = said;
        changed();
    });
    return {
        rows: [rating.row, level.row, el("p", { class: "form-text", text: say("only_higher") }), reason.row],
        offerAbove: (found) => {
            for (const option of level.node.options) option.disabled = option.value !== "" && rank(scale, option.value) <= rank(scale, found);
            reason.row.hidden = !filled.officer_level || rank(scale, filled.officer_level) <= rank(scale, found);
        },
    };
}

function rank(scale, code) {
    return scale.levels.findIndex((band) => band.code === code);
}

function resultText(texts, scale, { score: total, level, complete, missing }) {
    const band = scale.levels.find(({ code }) => code === level);
    const shown = band ? texts.say("sheet_result", { score: total, level: worded(texts, band, "label") }) : texts.say("sheet_open");
    return el("span", {}, el("strong", { text: shown }), complete ? "" : ` ${texts.count("sheet_missing", missing.length)}`);
}
