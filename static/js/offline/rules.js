// The rules of a log, applied from the server's declaration (visits/log_fields.py `as_data`): what is asked, and what is wrong.
import { isBlank } from "./content.js";

const SHAPES = {
    moment: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/,
    day: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
    hour: /^([01][0-9]|2[0-3]):[0-5][0-9]$/,
};
const DAY_MS = 86_400_000;

export function holds(conditions, content) {
    return Object.entries(conditions).every(([name, answers]) => answers.includes(content[name] ?? ""));
}

export function offered(field, content) {
    return field.choices.filter((choice) => holds(choice.asked_if, content));
}

// The fields to show, in order.
export function askedFields(declaration, content) {
    return declaration.fields.filter((field) => holds(field.asked_if, content));
}

// The content without answers to what is not asked any more.
export function withoutUnasked(declaration, content) {
    let kept = content;
    for (;;) {
        const asked = new Set(askedFields(declaration, kept).map((field) => field.name));
        const next = Object.fromEntries(Object.entries(kept).filter(([name]) => asked.has(name)));
        if (Object.keys(next).length === Object.keys(kept).length) return next;
        kept = next;
    }
}

// What is wrong, as [field, code], in the order asked. `visitDay` is the day of the visit, "" while it is not known.
export function problems(declaration, content, visitDay) {
    const found = [];
    for (const field of declaration.fields) {
        const value = content[field.name];
        const isAsked = holds(field.asked_if, content);
        let code = null;
        if (isBlank(value)) {
            if (isAsked && (field.required || isNeeded(declaration, field.name, content))) code = "required";
        } else if (!isAsked) {
            code = "not_asked";
        } else {
            code = wrong(field, value, content, visitDay);
        }
        if (code !== null) found.push([field.name, code]);
    }
    return found;
}

export function studyDay(moment, timeZone) {
    return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(moment));
}

function isNeeded(declaration, name, content) {
    return declaration.fields.some(
        (other) =>
            holds(other.asked_if, content) &&
            other.choices.some((choice) => choice.needs === name && choice.value === content[other.name]),
    );
}

function wrong(field, value, content, visitDay) {
    if (field.kind === "flag") return value === true ? null : "unreadable";
    if (field.kind === "choices") return Array.isArray(value) ? wrongChoices(field, value) : "unreadable";
    if (typeof value !== "string") return "unreadable";
    if (field.kind === "choice") return offered(field, content).some((choice) => choice.value === value) ? null : "unknown";
    if (field.kind === "text") return [...value].length > field.longest ? "too_long" : null;
    if (!SHAPES[field.kind].test(value)) return "unreadable";
    if (field.kind === "day") return wrongDay(field, value, visitDay);
    return field.after && value <= (content[field.after] ?? "") ? "not_after" : null;
}

function wrongChoices(field, codes) {
    const known = new Map(field.choices.map((choice) => [choice.value, choice]));
    if (new Set(codes).size !== codes.length || !codes.every((code) => known.has(code))) return "unknown";
    return codes.length > 1 && codes.some((code) => known.get(code).stands_alone) ? "stands_alone" : null;
}

function wrongDay(field, value, visitDay) {
    const day = dayNumber(value);
    if (day === null) return "unreadable";
    if (!visitDay) return null;
    const apart = day - dayNumber(visitDay);
    return field.days_from <= apart && apart <= field.days_until ? null : "day_out_of_range";
}

function dayNumber(text) {
    const at = Date.parse(`${text}T00:00:00.000Z`);
    if (Number.isNaN(at) || text.startsWith("0000") || new Date(at).toISOString().slice(0, 10) !== text) return null;
    return at / DAY_MS;
}
