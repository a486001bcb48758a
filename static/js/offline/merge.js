// The days on the phone: what the server says now, beside what this phone has written and not sent yet.

export const CARDS_LAST_MS = 24 * 3_600_000;
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const UNSENT = ["draft", "queued", "sending", "refused"];

// The visits to show. The server's list replaces the kept one; a visit that it no longer names stays while a log of it waits.
// `logs` tells of each record { visit, state }; the newest of a visit counts.
export function mergedVisits(kept, fresh, logs) {
    const states = new Map(logs.map((log) => [log.visit, log.state]));
    const named = new Set(fresh.map((visit) => visit.id));
    const waiting = kept.filter((visit) => !named.has(visit.id) && UNSENT.includes(states.get(visit.id)));
    return [
        ...fresh.map((visit) => withLog(visit, states)),
        ...waiting.map((visit) => ({ ...withLog(visit, states), isGone: true })),
    ].sort((a, b) => order(a).localeCompare(order(b)));
}

// Cards that the server has not confirmed for a day are not shown any more; nor once the clock was set back behind that moment.
export function cardsExpired(lastContactAt, now) {
    return lastContactAt === null || now - lastContactAt >= CARDS_LAST_MS || now < lastContactAt - CLOCK_TOLERANCE_MS;
}

// Milliseconds by which this clock is ahead of the server's, taking the middle of the exchange for the server's moment.
export function clockSkewMs(sentAt, serverNow, answeredAt) {
    return Math.round((sentAt + answeredAt) / 2 - serverNow);
}

function withLog(visit, states) {
    return { ...visit, log: states.get(visit.id) ?? null };
}

function order(visit) {
    return `${visit.planned_on} ${visit.window_from} ${visit.id}`;
}
