// Talks to the server. An answer says what it means for the phone: "ok", "same" (nothing changed), "signed_out", "revoked",
// "unknown" (no such phone of hers), "too_large", "refused", or "failed" for whatever may be tried again.

const PATIENCE_MS = 30_000;
const FILE_PATIENCE_MS = 120_000;
// What each kind of record is called where several are sent.
export const LISTS = { log: "logs", sheet: "sheets", entry: "entries" };

export class Api {
    #urls;
    #csrf = "";
    #unsent;

    // `unsent()` counts what lies here unsent, for anybody: the server clears nothing that waits.
    constructor(urls, unsent) {
        this.#urls = urls;
        this.#unsent = unsent;
    }

    async session(patienceMs = PATIENCE_MS) {
        const answer = await this.#ask(this.#urls.session, {}, patienceMs);
        if (answer.kind === "ok" && answer.data.revoked) answer.kind = "revoked";
        if (answer.kind === "ok") this.#csrf = answer.data.csrf_token;
        return answer;
    }

    days(device, etag) {
        return this.#ask(`${this.#urls.days}?device=${device}`, { headers: etag ? { "If-None-Match": etag } : {} });
    }

    device(said) {
        return this.#post(this.#urls.devices, said);
    }

    part(device) {
        return this.#post(this.#urls.part.replace("00000000-0000-0000-0000-000000000000", device), {});
    }

    send(kind, body) {
        return this.#post(this.#urls[LISTS[kind]], body);
    }

    openParcels(device, parcels) {
        return this.#post(this.#urls.parcels, { device, parcels });
    }

    tellOfWipe(device) {
        return this.#post(this.#urls.wipe, { device });
    }

    // Ends the session on the server without waiting for an answer.
    signOutSoon() {
        if (!this.#csrf) return;
        const form = new FormData();
        form.append("csrfmiddlewaretoken", this.#csrf);
        navigator.sendBeacon(this.#urls.sign_out, form);
    }

    async signOut() {
        const form = new FormData();
        form.append("csrfmiddlewaretoken", this.#csrf);
        try {
            return (await fetch(this.#urls.sign_out, { method: "POST", body: form, redirect: "manual" })).type === "opaqueredirect";
        } catch {
            return false;
        }
    }

    async setLanguage(language, next) {
        const form = new FormData();
        for (const [name, value] of Object.entries({ language, next, csrfmiddlewaretoken: this.#csrf })) form.append(name, value);
        try {
            return (await fetch(this.#urls.language, { method: "POST", body: form, redirect: "manual" })).type === "opaqueredirect";
        } catch {
            return false;
        }
    }

    // A file's bytes; they lie in no store of the browser's own.
    async file(url) {
        try {
            const answer = await fetch(url, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(FILE_PATIENCE_MS) });
            return answer.ok ? { kind: "ok", bytes: await answer.arrayBuffer() } : { kind: "failed" };
        } catch {
            return { kind: "failed" };
        }
    }

    async #post(url, body) {
        const once = () => {
            const headers = { "Content-Type": "application/json", "X-CSRFToken": this.#csrf };
            return this.#ask(url, { method: "POST", headers, body: JSON.stringify(body) });
        };
        const answer = await once();
        // A refusal without a code is of the token, which another tab's signing in has changed.
        if (answer.status !== 403 || answer.data?.code || (await this.session()).kind !== "ok") return answer;
        return once();
    }

    async #ask(url, options, patienceMs = PATIENCE_MS) {
        const sentAt = Date.now();
        let response;
        let data = null;
        try {
            const headers = { ...options.headers, "X-Unsent": String(await this.#unsent()) };
            response = await fetch(url, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(patienceMs) });
            if ((response.headers.get("content-type") ?? "").includes("json")) data = await response.json();
        } catch {
            return { kind: "failed", status: 0, data: null };
        }
        const etag = response.headers.get("etag");
        return { kind: meaning(response, data), status: response.status, data, etag, sentAt, answeredAt: Date.now() };
    }
}

function meaning(response, data) {
    if (response.status === 304) return "same";
    if (response.ok) return data === null ? "failed" : "ok";
    if (data?.code === "device_revoked") return "revoked";
    if (data?.code === "device_unknown") return "unknown";
    if (response.status === 413) return "too_large";
    if (response.status === 401 || response.status === 403) return "signed_out";
    return data?.code && response.status < 500 && response.status !== 429 ? "refused" : "failed";
}
