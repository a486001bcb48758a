// The texts that came with the page, in its language; days and hours as that language and the study's time zone write them.
import { dayAfter } from "./moments.js";

export function makeTexts({ texts, language, time_zone: timeZone }) {
    const say = (name, values = {}) =>
        texts[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
    const format = (options) => new Intl.DateTimeFormat(language === "es" ? "es-PE" : "en-GB", options);
    const shortDay = (day) => format({ weekday: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
    return {
        say,
        language,
        timeZone,
        count: (name, n, values = {}) => say(`${name}_${n === 1 ? "one" : "many"}`, { n, ...values }),
        day: (day) => format({ weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`)),
        shortDay,
        // As people name it, seen from `today`.
        nearDay: (day, today) => ({ [today]: say("today"), [dayAfter(today, -1)]: say("yesterday"), [dayAfter(today, 1)]: say("tomorrow") })[day] ?? shortDay(day),
        weekday: (number) => format({ weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + number))),
        moment: (at) => format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(new Date(at)),
        hour: (at) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(new Date(at)),
        month: (at) => format({ month: "long", year: "numeric", timeZone }).format(new Date(at)),
    };
}
