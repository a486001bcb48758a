// Draws what the declaration of a log asks (visits/log_fields.py), and reads what was filled in. Rows stay where they are while
// she types; what is not asked is hidden and not read.
import { isBlank } from "../offline/content.js";
import { askedFields, offered, studyDay, withoutUnasked } from "../offline/rules.js";
import { el } from "./dom.js";
import { dayAfter, fromTyped, toTyped } from "./moments.js";

// Choices with words longer than this stand below each other.
const SHORT_WORDS = 24;
const ANOTHER = "another";

// `first` names the fields above the rest; `changed(filled, name)` hears of every change, and of which field.
export function drawForm({ texts, declaration, filled, first, changed }) {
    let now = { ...filled };
    const rows = new Map(declaration.fields.map((field) => [field.name, drawRow(texts, field, now[field.name], take)]));

    function take(name, value) {
        now = { ...now, [name]: value };
        if (isBlank(value)) delete now[name];
        refresh();
        changed(content(), name);
    }

    function content() {
        return withoutUnasked(declaration, now);
    }

    function refresh() {
        const asked = new Set(askedFields(declaration, now).map((field) => field.name));
        const visitDay = studyDay(now.occurred_at ?? Date.now(), texts.timeZone);
        for (const field of declaration.fields) {
            const row = rows.get(field.name);
            row.countFrom(visitDay);
            row.node.hidden = !asked.has(field.name);
            const shown = new Set(offered(field, now).map((choice) => choice.value));
            for (const [value, check] of row.checks) check.hidden = value !== "" && !shown.has(value);
        }
    }

    function showProblems(problems) {
        const found = new Map(problems);
        for (const [name, row] of rows) row.complain(found.get(name) ?? "");
    }

    // Bring what is asked next into view, once one tap has answered a question whole.
    function leadOn(name) {
        const asked = askedFields(declaration, now);
        const at = asked.findIndex((field) => field.name === name);
        if (!rows.get(name).isAnsweredByOne || isBlank(now[name])) return;
        const next = asked.slice(at + 1).find((field) => isBlank(now[field.name]));
        if (next) showWhole(rows.get(next.name).node);
    }

    refresh();
    const of = (wanted) => declaration.fields.filter(({ name }) => first.includes(name) === wanted).map(({ name }) => rows.get(name).node);
    return { first: of(true), rest: of(false), content, showProblems, leadOn };
}

// What is seen whole stays where it is: nothing jumps under a finger without need.
function showWhole(node) {
    const { top, bottom } = node.getBoundingClientRect();
    const covered = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0;
    if (top >= 0 && bottom <= window.innerHeight - covered) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "start", behavior: isCalm ? "instant" : "smooth" });
}

function drawRow(texts, field, value, take) {
    const kinds = { choice: drawChoice, choices: drawChoices, flag: drawFlag, text: drawText };
    const draw = field.near?.length ? drawNearDay : (kinds[field.kind] ?? drawTime);
    const { node, checks = [], target, countFrom = () => {} } = draw(texts, field, value, (said) => take(field.name, said));
    const problem = el("p", { class: "invalid-feedback", id: `problem_${field.name}`, hidden: true });
    node.append(problem);
    const complain = (text) => {
        problem.textContent = text;
        problem.hidden = text === "";
        if (text) target.setAttribute("aria-describedby", problem.id);
        else target.removeAttribute("aria-describedby");
    };
    return { node, checks, complain, countFrom, isAnsweredByOne: ["choice", "flag"].includes(field.kind) || draw === drawNearDay };
}

function check(type, name, value, label, isChecked, onChange, inline) {
    const id = `id_${name}_${value || "blank"}`;
    const input = el("input", { class: "form-check-input", type, name, id, value, checked: isChecked, on: { change: onChange } });
    return el("div", { class: `form-check${inline ? " form-check-inline" : ""}` }, input, el("label", { class: "form-check-label", for: id, text: label }));
}

function group(field, checks) {
    const legend = el("legend", { class: "form-label", text: field.label });
    return el("fieldset", { class: "mb-3", id: `id_${field.name}`, tabindex: "-1" }, legend, el("div", {}, ...checks));
}

function drawChoice(texts, field, value, take) {
    const blank = field.required ? [] : [{ value: "", label: texts.say("not_asked") }];
    const choices = [...field.choices, ...blank];
    const inline = choices.length <= 4 || choices.every(({ label }) => label.length <= SHORT_WORDS);
    const checks = choices.map((choice) => [
        choice.value,
        check("radio", field.name, choice.value, choice.label, (value ?? "") === choice.value && (choice.value !== "" || !field.required), () => take(choice.value), inline),
    ]);
    const node = group(field, checks.map(([, made]) => made));
    return { node, checks, target: node };
}

function drawChoices(_texts, field, value, take) {
    const chosen = new Set(value ?? []);
    const checks = field.choices.map((choice) =>
        check("checkbox", field.name, choice.value, choice.label, chosen.has(choice.value), (event) => {
            if (event.target.checked) chosen.add(choice.value);
            else chosen.delete(choice.value);
            take([...chosen]);
        }, true),
    );
    const node = group(field, checks);
    return { node, target: node };
}

function drawFlag(_texts, field, value, take) {
    const made = check("checkbox", field.name, "yes", field.label, value === true, (event) => take(event.target.checked), false);
    const node = el("div", { class: "mb-3", id: `id_${field.name}`, tabindex: "-1" }, made);
    return { node, target: made.querySelector("input") };
}

function labelled(field, input) {
    return el("div", { class: "mb-3" }, el("label", { class: "form-label", for: input.id, text: field.label }), input);
}

function drawText(_texts, field, value, take) {
    const on = { input: (event) => take(event.target.value) };
    const input = el("textarea", { class: "form-control", id: `id_${field.name}`, rows: 3, maxlength: field.longest, autocomplete: "off", on });
    input.value = value ?? "";
    return { node: labelled(field, input), target: input };
}

function drawTime(texts, field, value, take) {
    const type = { moment: "datetime-local", day: "date", hour: "time" }[field.kind];
    const isMoment = field.kind === "moment";
    const read = (typed) => (isMoment ? fromTyped(typed, texts.timeZone) : typed);
    const input = el("input", { class: "form-control", type, id: `id_${field.name}`, autocomplete: "off", on: { input: (event) => take(read(event.target.value)) } });
    input.value = value ? (isMoment ? toTyped(value, texts.timeZone) : value) : "";
    return { node: labelled(field, input), target: input };
}

// A day near the visit's by one tap, any other typed. The day itself is what is kept.
function drawNearDay(texts, field, value, take) {
    let kept = value ?? "";
    let visitDay = "";
    let isAnother = false;
    const typed = drawTime(texts, { ...field, label: texts.say("another_day") }, kept, keep);
    typed.target.id = `id_${field.name}_typed`;
    typed.node.querySelector("label").htmlFor = typed.target.id;
    const made = [...field.near, ANOTHER].map((apart) => [apart, check("radio", field.name, String(apart), "", false, () => choose(apart), true)]);
    const node = group(field, made.map(([, one]) => one));
    node.append(typed.node);

    function keep(day) {
        kept = day;
        take(day);
    }

    function choose(apart) {
        isAnother = apart === ANOTHER;
        keep(isAnother ? "" : dayAfter(visitDay, apart));
        typed.target.value = kept;
        show();
    }

    function show() {
        const today = studyDay(Date.now(), texts.timeZone);
        const near = kept && !isAnother ? field.near.find((apart) => dayAfter(visitDay, apart) === kept) : undefined;
        for (const [apart, one] of made) {
            const day = apart === ANOTHER ? "" : dayAfter(visitDay, apart);
            one.querySelector("label").textContent = day ? texts.nearDay(day, today) : texts.say("another_day");
            one.querySelector("input").checked = apart === ANOTHER ? isAnother || (kept !== "" && near === undefined) : apart === near;
        }
        typed.node.hidden = !isAnother && (kept === "" || near !== undefined);
    }

    function countFrom(day) {
        if (day === visitDay) return;
        visitDay = day;
        show();
    }

    return { node, target: node, countFrom };
}

// What is wrong, above the form, each a way to its field.
export function problemSummary(texts, entries) {
    const items = entries.map(({ target, text }) => {
        const go = (event) => {
            event.preventDefault();
            document.getElementById(target)?.focus();
        };
        return el("li", {}, el("a", { href: `#${target}`, text, on: { click: go } }));
    });
    return el("div", { class: "error-summary", role: "alert", tabindex: "-1" }, el("h2", { text: texts.say("not_saved_yet") }), el("ul", {}, ...items));
}
