// The queue's line to the server: opens what is sealed, sends logs, sheets and entries, and reckons what their receipts must say.
import { contentSha256 } from "../offline/content.js";
import { LISTS } from "./api.js";

// `contact(answer, kind)` hears of every answer, `lockAway(record)` of what does not open here any more: it is no longer sent
// from here, and holds up nothing.
export function makeLine({ api, vault, clock, contact = () => {}, lockAway }) {
    async function opened(record) {
        try {
            return { record, value: await vault.openOne(record.kind, record.id, record.payload.sealed) };
        } catch {
            return { record, value: null };
        }
    }

    async function sendKind(kind, good) {
        const written = good.map(({ record, value }) => ({ ...(kind === "log" ? value : withoutBlanks(value)), id: nameOf(record) }));
        const answer = await api.send(kind, { sent_at: new Date(clock()).toISOString(), [LISTS[kind]]: written });
        contact(answer);
        if (answer.kind !== "ok") return { kind: answer.kind, results: [] };
        const expected = new Map(await Promise.all(written.map(async (said) => [said.id, await expectedSha256(kind, said)])));
        const results = answer.data.results.map((result) => ({ ...result, expected_sha256: expected.get(result.id) }));
        return { kind: "ok", results };
    }

    return {
        async send(records) {
            const all = await Promise.all(records.map(opened));
            for (const { record } of all.filter(({ value }) => !value)) await lockAway(record);
            const good = all.filter(({ value }) => value);
            const answers = [];
            for (const kind of Object.keys(LISTS)) {
                const ofKind = good.filter(({ record }) => record.kind === kind);
                if (ofKind.length) answers.push(await sendKind(kind, ofKind));
            }
            const results = answers.flatMap((answer) => answer.results);
            const kinds = answers.map((answer) => answer.kind);
            if (results.length || kinds.includes("ok") || good.length === 0) return { kind: "answered", results };
            if (kinds.some((kind) => kind === "signed_out" || kind === "revoked" || kind === "unknown")) return { kind: "signed_out" };
            return { kind: kinds.includes("too_large") ? "too_large" : "failed" };
        },
    };
}

// By what the server knows a record: its own identifier, unless another log had that already.
function nameOf(record) {
    return record.sendAs ?? record.id;
}

export async function expectedSha256(kind, { id: _id, ...said }) {
    if (kind === "log") {
        const { visit, ...content } = said;
        return contentSha256(visit, content);
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sortedJson(withoutBlanks(said)))));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A sheet as it is sent: the server's receipt is of just that.
function withoutBlanks(sheet) {
    const kept = filled(sheet);
    for (const part of ["answers", "overrides", "scale"]) if (kept[part]) kept[part] = filled(kept[part]);
    return kept;
}

function filled(values) {
    const kept = Object.entries(values ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
    return Object.fromEntries(kept);
}

// Names sorted as text at every depth. An object cannot do that by itself: it puts names that are numbers first.
function sortedJson(value) {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${sortedJson(value[name])}`).join(",")}}`;
}
