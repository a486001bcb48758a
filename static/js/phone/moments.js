// Moments as a log writes them, and as a person reads and types them in the study's time zone.

const WRITTEN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

// "2026-11-18T15:00:00.000Z" → "2026-11-18T10:00" in Lima.
export function toTyped(moment, timeZone) {
    const parts = new Intl.DateTimeFormat("en-CA", {
        timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(new Date(moment));
    const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
    return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

// The other way; "" for what is no moment.
export function fromTyped(typed, timeZone) {
    if (!WRITTEN.test(typed)) return "";
    const guess = Date.parse(`${typed}:00.000Z`);
    if (Number.isNaN(guess)) return "";
    const off = Date.parse(`${toTyped(guess, timeZone)}:00.000Z`) - guess;
    return new Date(guess - off).toISOString();
}

export function toMinute(now) {
    return new Date(Math.floor(now / 60_000) * 60_000).toISOString();
}

// How long ago, in the largest fitting unit: [count, "minute" | "hour" | "day"].
export function age(since, now) {
    const minutes = Math.max(0, Math.floor((now - since) / 60_000));
    if (minutes < 60) return [minutes, "minute"];
    return minutes < 48 * 60 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
}

// The day some days later: "2026-11-30", 2 → "2026-12-02".
export function dayAfter(day, days) {
    return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

// Monday is 0.
export function weekdayOf(day) {
    return (new Date(`${day}T00:00:00.000Z`).getUTCDay() + 6) % 7;
}

// Whether a moment lies in her safe days (1 is Monday) and hours.
export function isSafeTime({ safe_weekdays: days, safe_from: from, safe_until: until }, timeZone, now) {
    const [day, hour] = toTyped(now, timeZone).split("T");
    return days.includes(weekdayOf(day) + 1) && from <= hour && hour < until;
}
