// Leaves at once for a harmless page: by the button, Shift three times, or shaking the phone. Without a signal that page is a
// calendar drawn here, since nothing else would load.
import { dayAfter, weekdayOf } from "./moments.js";
import { el } from "./dom.js";

const WITHIN_MS = 1_500;
const TIMES = 3;
const SHAKE_MPS2 = 18;
const SHAKES = 4;

// `leave()` is called once, whichever way she took.
export function watchExit(button, leave) {
    let shifts = [];
    let shakes = [];
    let before = null;
    button.addEventListener("click", (event) => {
        event.preventDefault();
        leave();
    });
    document.addEventListener("keydown", (event) => {
        if (event.repeat) return;
        shifts = event.key === "Shift" ? recent(shifts, performance.now()) : [];
        if (shifts.length >= TIMES) leave();
    });
    window.addEventListener("devicemotion", ({ accelerationIncludingGravity: now }) => {
        if (now && before && Math.hypot(now.x - before.x, now.y - before.y, now.z - before.z) > SHAKE_MPS2) {
            shakes = recent(shakes, performance.now());
            if (shakes.length >= SHAKES) leave();
        }
        before = now && { x: now.x, y: now.y, z: now.z };
    });
}

function recent(moments, now) {
    return [...moments.filter((at) => now - at < WITHIN_MS), now];
}

// A month as on a wall, in place of everything. `kept` resolves once what was typed last lies safely on the phone.
export function showCalendar(texts, today, kept) {
    const first = `${today.slice(0, 8)}01`;
    const start = dayAfter(first, -weekdayOf(first));
    const numbers = Array.from({ length: 7 }, (_, n) => n);
    const isOfMonth = (day) => day.slice(0, 7) === today.slice(0, 7);
    // Touching today leads back to the door, once nothing is lost by it.
    const back = { click: () => kept.then(() => window.location.reload()) };
    const cell = (day) => el("td", { text: isOfMonth(day) ? String(Number(day.slice(8))) : "", "aria-current": day === today ? "date" : null, on: day === today ? back : {} });
    const week = (from) => el("tr", {}, ...numbers.map((n) => cell(dayAfter(from, n))));
    const head = el("tr", {}, ...numbers.map((n) => el("th", { scope: "col", text: texts.weekday(n) })));
    const starts = Array.from({ length: 6 }, (_, n) => dayAfter(start, 7 * n));
    const weeks = starts.filter((from) => isOfMonth(from) || isOfMonth(dayAfter(from, 6))).map(week);
    document.title = texts.month(Date.parse(`${today}T12:00:00Z`));
    const table = el("table", { class: "table text-center calendar" }, el("thead", {}, head), el("tbody", {}, ...weeks));
    document.body.replaceChildren(el("main", { class: "narrow" }, el("h1", { class: "mb-3", text: document.title }), table));
}
