// Brings a file in piece by piece. The server says how many pieces it has; after a lost connection the sending goes on by
// itself, and after a reload when the same file is chosen again. Nothing is kept in this browser, not even the name.
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
const ENDS_BYTES = 2 ** 20;

for (const form of document.querySelectorAll("[data-upload]")) {
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(form);
    });
}

class Refused extends Error {}

async function send(form) {
    const file = form.querySelector("[data-upload-file]").files[0];
    const button = form.querySelector("button");
    const say = teller(form);
    if (!file) return;
    button.disabled = true;
    try {
        say(form.dataset.sending, 0);
        const said = new URLSearchParams({ kind: form.elements.kind.value, size: file.size, fingerprint: await fingerprint(file) });
        const wait = () => lost(form, say, 2);
        let standing = await patiently(() => ask(form, form.dataset.upload, { method: "POST", body: said }), wait);
        const base = `${new URL(form.dataset.upload, location).pathname.replace(/\d+\/archivos\/$/, "archivos/")}${standing.id}/`;
        for (let failures = 0; standing.received < standing.pieces; ) {
            const before = standing.received;
            if (!failures) say(form.dataset.sending, before / standing.pieces);
            standing = await sendPiece(form, base, file, standing, () => lost(form, say, failures));
            failures = standing.received > before ? 0 : failures + 1;
        }
        say(form.dataset.checking, 1);
        await patiently(() => ask(form, `${base}listo/`, { method: "POST" }), wait);
        location.reload();
    } catch (error) {
        if (!(error instanceof Refused)) throw error;
        say(error.message || form.dataset.failed, null);
        button.disabled = false;
    }
}

// Sends the next piece; where the connection was lost, waits and asks what arrived.
async function sendPiece(form, base, file, standing, wait) {
    const from = standing.received * standing.piece_bytes;
    const content = await file.slice(from, from + standing.piece_bytes).arrayBuffer();
    const headers = { "Content-Type": "application/octet-stream", "X-Content-SHA256": await sha256(content) };
    try {
        return await ask(form, `${base}partes/${standing.received}/`, { method: "PUT", body: content, headers });
    } catch (error) {
        if (error instanceof Refused) throw error;
        await wait();
        return patiently(() => ask(form, `${base}avance/`, { method: "GET" }), wait);
    }
}

function lost(form, say, failures) {
    say(form.dataset.waiting, undefined);
    return new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)));
}

// Tries until the server answers; what it refuses is not tried again.
async function patiently(attempt, wait) {
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            if (error instanceof Refused) throw error;
            await wait();
        }
    }
}

async function ask(form, address, options) {
    const token = form.elements.csrfmiddlewaretoken.value;
    const response = await fetch(address, { ...options, headers: { "X-CSRFToken": token, ...options.headers } });
    if (response.ok) return response.json();
    if (response.status >= 500) throw new Error(`status ${response.status}`);
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    throw new Refused(isJson ? (await response.json()).detail : "");
}

// Tells the same file again: its length, its beginning and its end.
async function fingerprint(file) {
    const ends = new Blob([file.slice(0, ENDS_BYTES), file.slice(Math.max(0, file.size - ENDS_BYTES)), String(file.size)]);
    return sha256(await ends.arrayBuffer());
}

async function sha256(content) {
    const digest = await crypto.subtle.digest("SHA-256", content);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Part null: no progress; undefined: as it was.
function teller(form) {
    const words = form.querySelector("[data-upload-words]");
    const progress = form.querySelector("[data-upload-progress]");
    return (text, part) => {
        if (words.textContent !== text) words.textContent = text;
        if (part === undefined) return;
        progress.hidden = part === null;
        progress.querySelector("progress").value = (part ?? 0) * 100;
    };
}
