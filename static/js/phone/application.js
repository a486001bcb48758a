// The application: which page is shown, who may open it, and what happens when she leaves.
import { sayLeft, takeLeftBack } from "../left.js";
import { studyDay } from "../offline/rules.js";
import { Api } from "./api.js";
import { el } from "./dom.js";
import { showCalendar, watchExit } from "./exit.js";
import { dropOldPart, fetchPart, registerPhone } from "./keys.js";
import { doorPage, pinPage, pinSetPage } from "./page_pin.js";
import { isLockedAway } from "./store.js";
import { makeTexts } from "./texts.js";
import { Vault } from "./vault.js";
import { refreshPage, startWorker } from "./working.js";

const TABS = ["days", "unsent", "more"];
const LOCKS_AFTER_MS = 5 * 60_000;
// Where one person alone has a PIN nobody types another's: on a poor line she need not wait long.
const DOOR_WAITS_MS = 8_000;
const SHARED_DOOR_WAITS_MS = 30_000;
const SET_UP_COOKIE = "telefono=1; path=/; samesite=lax; max-age=";
const YEAR_S = 31_536_000;

// `pages` are those that an account of this kind opens, by name; "days" comes first. `Phone` is what it works with, and
// `admits` the word of the session that lets it in.
export class App {
    phone = null;
    #kit;
    #shown = null;
    #turn = 0;
    #door = null;
    #meeting = null;
    #covering = null;
    #hiddenAt = null;

    constructor(boot, store, kit) {
        this.boot = boot;
        this.#kit = kit;
        this.store = store;
        this.texts = makeTexts(boot);
        this.api = new Api(boot.urls, () => store.unsent());
    }

    listen() {
        watchExit(document.querySelector("[data-quick-exit]"), () => this.exit());
        window.addEventListener("popstate", (event) => this.phone && this.#open(event.state ?? { name: "days", params: {} }));
        for (const event of ["online", "focus"]) window.addEventListener(event, () => this.#wake());
        window.addEventListener("offline", () => this.phone?.sync.run());
        window.addEventListener("pagehide", () => this.#shown?.leave?.());
        document.addEventListener("visibilitychange", () => this.#seen());
        startWorker(this.boot.urls.worker, this.boot.urls.scope, { isFree: () => this.phone === null, send: () => this.#sendNow() });
    }

    // --- The door --------------------------------------------------------------------------------------------------

    async begin() {
        const last = await this.store.lastUser();
        this.#door = null;
        if (last) await dropOldPart(this.store, last, Date.now());
        const account = last && (await this.store.account(last));
        const isShared = await this.store.isShared();
        const session = this.api.session(isShared ? SHARED_DOOR_WAITS_MS : DOOR_WAITS_MS);
        this.#meeting = session.then((answer) => (this.phone ? null : this.#meet(answer, last, isShared)));
        if (account?.envelope && account.part) this.#showDoor("pin", last);
        else this.#draw(doorPage(this, { why: "checking" }));
        await this.#meeting;
    }

    // Resolves once the door is drawn for whoever the server says is here, or it did not answer.
    whoIsHere() {
        return this.#meeting;
    }

    async #meet(session, last, isShared) {
        const isAtPin = this.#door?.name === "pin";
        const waiting = last && !isAtPin ? (await this.store.records(last)).filter(isLockedAway).length : 0;
        if (session.kind === "revoked") return last ? this.#closed(last) : this.#draw(doorPage(this, { why: "revoked" }));
        if (session.kind !== "ok") return isAtPin || this.#draw(doorPage(this, { why: "no_signal", waiting }));
        const { signed_in: isSignedIn, user_ref: user, language } = session.data;
        if (!isSignedIn) return isAtPin || this.#draw(doorPage(this, { why: "sign_in", waiting }));
        if (!session.data[this.#kit.admits]) return this.#draw(doorPage(this, { why: "not_for_you" }));
        if (language !== this.texts.language && (await refreshPage())) return window.location.reload();
        await this.#admit(user);
        // On a shared phone the door says whose PIN it takes.
        if (isShared && this.#door?.user === user) this.#shown.tellWhose?.(session.data.display_name);
    }

    // Somebody who is signed in: she chooses a PIN, or gives it.
    async #admit(user) {
        const account = await this.store.account(user);
        if (this.#door?.name === "pin" && this.#door.user === user) return;
        // Whoever tried PINs may still hold the phone: a new one takes the password first.
        if (account?.isWipeUntold) {
            await this.#tellOfWipe(user, account.device);
            await this.api.signOut();
            this.#draw(doorPage(this, { why: "sign_in", waiting: (await this.store.records(user)).length }));
            return;
        }
        await this.store.rememberUser(user);
        await dropOldPart(this.store, user, Date.now());
        const hasPart = Boolean(account?.envelope && (await this.store.account(user)).part);
        const came = hasPart ? "ok" : await (account?.envelope ? fetchPart : registerPhone)(this.store, this.api, user, Date.now());
        if (came === "ok") this.#showDoor(account?.envelope ? "pin" : "pin_set", user);
        else if (came === "revoked" || came === "unknown") await this.#closed(user);
        else this.#draw(doorPage(this, { why: came === "signed_out" ? "sign_in" : "no_signal" }));
    }

    // What was typed before the server said who is here goes over to her door.
    #showDoor(name, user) {
        const typed = this.#shown?.typed?.() ?? "";
        this.#door = { name, user };
        this.#draw(name === "pin" ? pinPage(this, { user }) : pinSetPage(this, { user }));
        this.#shown?.goOn?.(typed);
    }

    async opened(user, key) {
        // What was covered is read again only once it lies safe.
        await this.#covering;
        const { device, sealingKey } = await this.store.account(user);
        const vault = new Vault({ user, device, sealingKey, key });
        const phone = new this.#kit.Phone({ store: this.store, api: this.api, vault, changed: () => this.refresh(), revoked: () => this.#closed(user) });
        await phone.load();
        [this.phone, this.#door] = [phone, null];
        document.cookie = SET_UP_COOKIE + YEAR_S;
        takeLeftBack();
        await this.#open(history.state ?? { name: "days", params: {} });
        navigator.storage?.persist?.();
        await phone.sync.run();
        if (phone.lockedAway().length && this.phone === phone) {
            await phone.recover();
            await phone.sync.run();
        }
    }

    // After the last wrong PIN: the cards are gone, what is unsent stays sealed to the server.
    async wiped(user) {
        this.#door = null;
        const waiting = (await this.store.records(user)).length;
        this.#draw(doorPage(this, { why: "wiped", waiting }));
        const { device } = await this.store.account(user);
        await this.store.changeAccount(user, () => ({ isWipeUntold: true }));
        const session = await this.api.session();
        if (session.kind !== "ok" || session.data.user_ref !== user) return;
        await this.#tellOfWipe(user, device);
        await this.api.signOut();
    }

    // Only after the server knows of the wipe does it give this phone a new part.
    async #tellOfWipe(user, device) {
        const { kind } = await this.api.tellOfWipe(device);
        if (kind !== "failed" && kind !== "signed_out") await this.store.changeAccount(user, () => ({ isWipeUntold: false }));
    }

    // The server closed this phone.
    async #closed(user) {
        this.#drop();
        await this.store.wipe(user);
        await this.store.changeAccount(user, () => ({ device: crypto.randomUUID() }));
        this.#draw(doorPage(this, { why: "revoked", waiting: (await this.store.records(user)).length }));
    }

    // --- Pages -----------------------------------------------------------------------------------------------------

    go(name, params = {}, replace = false) {
        const state = { name, params };
        if (replace) history.replaceState(state, "");
        else history.pushState(state, "");
        return this.#open(state);
    }

    async #open({ name, params }) {
        const phone = this.phone;
        const turn = ++this.#turn;
        await this.#shown?.leave?.()?.catch?.(() => {});
        const about = name === "more" ? await this.#about() : {};
        const page = await (this.#kit.pages[name] ?? this.#kit.pages.days)(this, { ...params, ...about });
        // Whatever was asked for last is shown, however long each took.
        if (this.phone !== phone || !phone || turn !== this.#turn) return;
        this.#draw(page, { name, params });
        window.scrollTo(0, 0);
        document.getElementById("content")?.focus({ preventScroll: true });
    }

    async #about() {
        return { others: await this.store.othersWaiting(this.phone.user), isLasting: (await navigator.storage?.persisted?.()) ?? null };
    }

    // Show again what changed; a form under her fingers stays as it is.
    async refresh() {
        const shown = this.#shown;
        if (!this.phone || !shown?.live) return;
        const { name, params } = shown.at;
        const page = await this.#kit.pages[name](this, params);
        // She went on or left meanwhile: what she opened stays.
        if (!this.phone || this.#shown !== shown) return;
        const before = document.getElementById("content")?.innerHTML;
        const made = el("div", {}, ...this.#contentOf(page)).innerHTML;
        this.#drawTabs(name);
        if (made === before) return;
        const at = window.scrollY;
        this.#draw(page, { name, params });
        window.scrollTo(0, at);
    }

    #draw(page, at = null) {
        const content = document.getElementById("content");
        // She left: a calendar stands in place of everything.
        if (!content) return;
        this.#shown?.close?.();
        this.#shown = { ...page, at };
        document.title = `${page.title} · Agenda`.replace("Agenda · ", "");
        content.replaceChildren(...this.#contentOf(page));
        this.#drawTabs(at?.name);
        page.focus?.focus({ preventScroll: true });
    }

    #contentOf(page) {
        const go = { click: () => this.go(page.back, page.backTo ?? {}) };
        const back = page.back && el("button", { type: "button", class: "btn btn-link px-0", text: `‹ ${this.texts.say("back")}`, on: go });
        return [back, el("div", { class: "page-head" }, el("h1", { text: page.heading })), ...page.nodes.flat()].filter(Boolean);
    }

    #drawTabs(current) {
        const nav = document.getElementById("tabs");
        if (!nav) return;
        nav.hidden = !this.phone;
        if (!this.phone) return;
        const { waiting } = this.phone.summary();
        const tabs = TABS.map((name) => {
            const click = (event) => {
                event.preventDefault();
                this.go(name);
            };
            const text = this.texts.say(`tab_${name}`) + (name === "unsent" && waiting ? ` · ${waiting}` : "");
            return el("li", {}, el("a", { href: this.boot.urls.page, text, "aria-current": name === current ? "page" : null, on: { click } }));
        });
        nav.querySelector("ul").replaceChildren(...tabs);
    }

    signInUrl() {
        return `${this.boot.urls.sign_in}?next=${encodeURIComponent(this.boot.urls.page)}`;
    }

    async speak(language) {
        if (await this.api.setLanguage(language, this.boot.urls.page)) {
            await this.store.changeAccount(this.phone.user, () => ({ etag: null }));
            if (await refreshPage()) window.location.reload();
        }
    }

    // --- Leaving ---------------------------------------------------------------------------------------------------

    #drop() {
        this.phone?.close();
        this.phone = null;
    }

    // Put a page in the place of all at once; what was shown is kept behind it and locked away.
    async cover(page) {
        const [shown, phone] = [this.#shown, this.phone];
        [this.#shown, this.phone, this.#door] = [null, null, { name: "cover", user: phone.user }];
        this.#draw(page);
        window.scrollTo(0, 0);
        this.#covering = this.#putAway(shown, phone);
        await this.#covering;
    }

    async #putAway(shown, phone) {
        await shown?.leave?.()?.catch?.(() => {});
        shown?.close?.();
        phone.close();
    }

    async lock() {
        await this.#shown?.leave?.()?.catch?.(() => {});
        this.#drop();
        await this.begin();
    }

    exit() {
        sayLeft();
        this.#shown?.leave?.();
        history.replaceState(null, "");
        this.#drop();
        showCalendar(this.texts, studyDay(Date.now(), this.texts.timeZone));
        this.api.signOutSoon();
        if (navigator.onLine) window.location.replace(this.boot.urls.exit);
    }

    async signOut() {
        const { user } = this.phone;
        this.#drop();
        await this.store.wipe(user);
        await this.store.rememberUser(null);
        document.cookie = `${SET_UP_COOKIE}0`;
        history.replaceState(null, "");
        await this.api.signOut();
        this.#draw(doorPage(this, { why: "sign_in", waiting: (await this.store.records(user)).length }));
    }

    #wake() {
        if (this.phone) this.phone.sync.run();
    }

    #seen() {
        if (document.visibilityState === "hidden") {
            this.#hiddenAt = Date.now();
            this.#shown?.leave?.();
            return;
        }
        const isLong = this.#hiddenAt !== null && Date.now() - this.#hiddenAt > LOCKS_AFTER_MS;
        this.#hiddenAt = null;
        if (this.phone && isLong) this.lock();
        else this.#wake();
    }

    async #sendNow() {
        if (!this.phone) return false;
        await this.phone.sync.run();
        return this.phone?.summary().waiting === 0;
    }
}
