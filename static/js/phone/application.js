// The application: which page is shown, who may open it, and what happens when she leaves.
import { sayLeft, takeLeftBack } from "../left.js";
import { studyDay } from "../offline/rules.js";
import { Api } from "./api.js";
import { el } from "./dom.js";
import { showCalendar, watchExit } from "./exit.js";
import { dropOldPart, fetchPart, registerPhone } from "./keys.js";
import { closePages, openPages } from "./pages_open.js";
import { doorPage, forgottenPage, pinPage, pinSetPage } from "./page_pin.js";
import { isLockedAway } from "./store.js";
import { makeTexts } from "./texts.js";
import { Vault } from "./vault.js";
import { refreshPage, startWorker } from "./working.js";

const TABS = ["days", "unsent", "more"];
const LOCKS_AFTER_MS = 5 * 60_000;
// Where one person alone has a PIN nobody types another's: on a poor line she need not wait long.
const DOOR_WAITS_MS = 8_000;
const SHARED_DOOR_WAITS_MS = 30_000;
// Of whom this browser is the phone, for the server.
const setUpCookie = (user, seconds) => `telefono=${user}; path=/; samesite=lax; max-age=${seconds}`;
const YEAR_S = 31_536_000;
// How long a page that was left may still keep what was typed last; a calendar stands in its place meanwhile.
const KEPT_WITHIN_MS = 1_000;

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
    #tabs = new BroadcastChannel("agenda tabs");

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
        window.addEventListener("pagehide", () => this.#keepTyped());
        this.#tabs.onmessage = ({ data }) => this.#hear(data);
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
        this.#tabs.postMessage({ opened: user });
        if (this.#door?.name === "pin" && this.#door.user === user) return;
        if (account?.isWipeUntold) {
            const isTold = await this.#tellOfWipe(user, account.device);
            // Whoever tried PINs may still hold the phone: a new one takes the password first, if this session is of before.
            if (!account.isLeft) return this.#signedOut(user);
            if (!isTold) return this.#draw(doorPage(this, { why: "no_signal" }));
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
        this.#tabs.postMessage({ opened: user });
        document.cookie = setUpCookie(user, YEAR_S);
        takeLeftBack();
        openPages();
        await this.#open(history.state ?? { name: "days", params: {} });
        navigator.storage?.persist?.();
        await phone.sync.run();
    }

    forget(user) {
        this.#draw(forgottenPage(this, { user }));
    }

    async forgotten(user) {
        await this.store.wipe(user, { isWipeUntold: true });
        await this.wiped(user, "forgotten");
    }

    // After the last wrong PIN: the cards are gone, what is unsent stays sealed to the server.
    async wiped(user, why = "wiped") {
        this.#door = null;
        const waiting = (await this.store.records(user)).length;
        this.#draw(doorPage(this, { why, waiting }));
        this.#tabs.postMessage({ closed: user });
        const { device } = await this.store.account(user);
        const { kind, data } = await this.api.session();
        if (kind === "ok" && data.signed_in && data.user_ref !== user) return;
        if (kind === "ok" && data.signed_in) await this.#tellOfWipe(user, device);
        // Also where the server cannot be told: whoever comes next gives the password.
        await this.#endSession();
        await this.store.changeAccount(user, () => ({ isLeft: true }));
    }

    // Only after the server knows of the wipe does it give this phone a new part. Says whether it does.
    async #tellOfWipe(user, device) {
        const { kind } = await this.api.tellOfWipe(device);
        const isTold = kind !== "failed" && kind !== "signed_out";
        if (isTold) await this.store.changeAccount(user, () => ({ isWipeUntold: false, isLeft: false }));
        return isTold;
    }

    // End the session: now, or with the next request that reaches the server.
    async #endSession() {
        sayLeft();
        await this.api.signOut();
    }

    async #signedOut(user) {
        await this.#endSession();
        this.#draw(doorPage(this, { why: "sign_in", waiting: (await this.store.records(user)).length }));
    }

    // The server closed this phone.
    async #closed(user) {
        this.#drop();
        this.#door = null;
        await this.store.wipe(user, { device: crypto.randomUUID() });
        this.#tabs.postMessage({ closed: user });
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
        await this.#keepTyped();
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
        closePages();
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
        closePages();
        await shown?.leave?.()?.catch?.(() => {});
        shown?.close?.();
        phone?.close();
    }

    async #keepTyped() {
        await this.#shown?.leave?.()?.catch?.(() => {});
    }

    async lock() {
        this.#tabs.postMessage({ closed: this.phone.user });
        await this.#lockHere();
    }

    async #lockHere() {
        await this.#keepTyped();
        this.#drop();
        await this.begin();
    }

    exit() {
        sayLeft();
        this.#tabs.postMessage({ left: true });
        this.#leave();
        this.api.signOutSoon();
    }

    // The calendar at once; then, once what was typed last is kept, a page of somebody else.
    #leave() {
        const kept = this.#putAway(this.#shown, this.phone);
        [this.#shown, this.phone, this.#door] = [null, null, null];
        history.replaceState(null, "");
        showCalendar(this.texts, studyDay(Date.now(), this.texts.timeZone), kept);
        const go = () => navigator.onLine && window.location.replace(this.boot.urls.exit);
        Promise.race([kept, new Promise((done) => setTimeout(done, KEPT_WITHIN_MS))]).then(go);
    }

    // What happened in another tab: she left there, or the store was closed or opened by somebody.
    #hear({ left, closed, opened }) {
        if (left) return this.#leave();
        if (opened) return this.phone && this.phone.user !== opened ? this.#lockHere() : null;
        const isAtDoor = this.#door?.user === closed && this.#door.name !== "cover";
        return this.phone?.user === closed || isAtDoor ? this.#lockHere() : null;
    }

    async signOut() {
        const { user } = this.phone;
        this.#drop();
        // Said first: whatever ends this page in between, nobody finds her signed in.
        sayLeft();
        await this.store.wipe(user);
        await this.store.rememberUser(null);
        this.#tabs.postMessage({ closed: user });
        document.cookie = setUpCookie("", 0);
        history.replaceState(null, "");
        await this.#signedOut(user);
    }

    #wake() {
        if (this.phone) this.phone.sync.run();
    }

    #seen() {
        if (document.visibilityState === "hidden") {
            this.#hiddenAt = Date.now();
            this.#keepTyped();
            return;
        }
        const isLong = this.#hiddenAt !== null && Date.now() - this.#hiddenAt > LOCKS_AFTER_MS;
        this.#hiddenAt = null;
        if (this.phone && isLong) this.#lockHere();
        else this.#wake();
    }

    async #sendNow() {
        if (!this.phone) return false;
        await this.phone.sync.run();
        return this.phone?.summary().waiting === 0;
    }
}
