// The surveys of an interviewer's week: what the server says now, beside what this phone has written and not sent yet.

const UNSENT = ["queued", "sending", "refused"];

// A survey that the server no longer names stays while something about it waits here, without what the server held of it;
// `busy` are the ids of those.
export function mergedCases(kept, fresh, busy) {
    const named = new Set(fresh.map(({ id }) => id));
    const waiting = kept.filter(({ id }) => !named.has(id) && busy.has(id)).map((one) => ({ ...one, earlier: [], isGone: true }));
    return [...fresh, ...waiting].sort((a, b) => order(a).localeCompare(order(b)));
}

export function busyWith(records, drafts) {
    const unsent = records.filter(({ state }) => UNSENT.includes(state));
    return new Set([...unsent, ...drafts].map(({ visit }) => visit));
}

// How a survey stands here: the state of the newest that was written about it, "draft", or null.
export function stateOf(id, records, drafts) {
    const own = records.filter((record) => record.visit === id && record.about === "survey").sort((a, b) => b.seq - a.seq);
    if (own.length) return own[0].state;
    return drafts.some((draft) => draft.visit === id && draft.kind === "survey") ? "draft" : null;
}

// Whether its window has begun on a day.
export function isOpen({ window_from: from }, day) {
    return from <= day;
}

function order({ window_until: until, participant, id }) {
    return `${until} ${participant} ${id}`;
}
