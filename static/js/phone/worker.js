// Keeps the application on the phone, so that it opens without a signal and takes nothing from the line. It keeps files
// alone: no answer of the server about people is ever put here or given from here.

const { name, version, page, files } = self.SHELL;
const PREFIX = `${name} `;
const CACHE = PREFIX + version;
const KEPT = new Set([page, ...Object.keys(files)]);
const ANSWER_WITHIN_MS = 60_000;

self.addEventListener("install", (event) => {
    event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
    event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (KEPT.has(url.pathname)) event.respondWith(kept(request, url.pathname));
    else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => Response.redirect(page)));
});

self.addEventListener("message", (event) => {
    if (event.data === "activate") self.skipWaiting();
    if (event.data === "page") event.waitUntil(keepPage().then((done) => event.ports[0]?.postMessage(done)));
});

self.addEventListener("sync", (event) => {
    if (event.tag === "send") event.waitUntil(askAPageToSend());
});

// The page is asked for anew; of the files only those that are nowhere on the phone yet.
async function keepAll() {
    const cache = await caches.open(CACHE);
    const kept = Object.entries(files).map(async ([address, integrity]) => cache.put(address, await fileOf(address, integrity)));
    await Promise.all([cache.put(page, await asked(page, { cache: "no-cache" })), ...kept]);
}

// A file is what its digest says, wherever it comes from: the version before, the browser's own cache, in which the page
// that began this has put it, or the line.
async function fileOf(address, integrity) {
    const before = await caches.match(address);
    if (before && (await digestOf(before.clone())) === integrity) return before;
    return asked(address, { integrity }).catch(() => asked(address, { integrity, cache: "reload" }));
}

async function asked(address, options) {
    const answer = await fetch(address, options);
    if (!answer.ok || answer.redirected) throw new Error("not given");
    return answer;
}

async function digestOf(answer) {
    const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
    return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

// Fetch the page again, in the language that is chosen now.
async function keepPage() {
    try {
        const fresh = await fetch(new Request(page, { cache: "no-cache" }));
        if (fresh.ok && !fresh.redirected) await (await caches.open(CACHE)).put(page, fresh);
        return fresh.ok;
    } catch {
        return false;
    }
}

async function dropOthers() {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

async function kept(request, address) {
    const found = await (await caches.open(CACHE)).match(address);
    return found ?? fetch(request);
}

// Only an open page has the key. Without one this fails, and the browser tries again later.
async function askAPageToSend() {
    const pages = await self.clients.matchAll({ type: "window" });
    const asked = pages.filter((client) => new URL(client.url).pathname === page).map(sent);
    if (asked.length === 0) throw new Error("no page is open");
    await Promise.any(asked);
}

function sent(client) {
    return new Promise((done, failed) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => (event.data ? done() : failed(new Error("not sent")));
        setTimeout(() => failed(new Error("no answer")), ANSWER_WITHIN_MS);
        client.postMessage("send", [port2]);
    });
}
