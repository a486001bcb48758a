// What an officer wrote stays, whatever two tabs of her phone do, a page that ended between two steps, or a key that is gone.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newStoreKey, toText, WRONG_PINS_ALLOWED } from "../../static/js/offline/seal.js";
import { tryPin } from "../../static/js/phone/keys.js";
import { expectedSha256 } from "../../static/js/phone/line.js";
import { Phone } from "../../static/js/phone/phone.js";
import { isLockedAway, PhoneStore } from "../../static/js/phone/store.js";
import { Vault } from "../../static/js/phone/vault.js";
import { Database } from "./database.js";
import "./vectors.js";

globalThis.navigator ??= {};
const USER = "u";
const VISIT = { id: "10000000-0000-4000-8000-000000000001", participant: "P00001" };
const MET = { outcome: "met", occurred_at: "2026-11-18T15:00:00.000Z" };
const offline = async () => ({ kind: "failed", data: null });

async function aPhone({ store = new PhoneStore(new Database()), api = {}, key, sealingKey } = {}) {
    const server = sealingKey ?? (await serverKey());
    await store.changeAccount(USER, () => ({ device: "d" }));
    const vault = new Vault({ user: USER, device: "d", sealingKey: server, key: key ?? (await aKey()) });
    const phone = new Phone({ store, api: { session: offline, ...api }, vault, changed: () => {}, revoked: () => {} });
    await phone.load();
    return phone;
}

async function serverKey() {
    const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    return { id: "k", key: toText(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey))) };
}

function aKey() {
    return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function twoTabs(work) {
    const [key, sealingKey] = [await aKey(), await serverKey()];
    const one = await aPhone({ key, sealingKey });
    const two = await aPhone({ store: one.store, key, sealingKey });
    try {
        await work(one, two);
    } finally {
        one.close();
        two.close();
    }
}

async function alone(work, given) {
    const phone = await aPhone(given);
    try {
        await work(phone);
    } finally {
        phone.close();
    }
}

const said = async (phone) => Promise.all((await phone.store.records(USER)).map(async (record) => (await phone.opened(record)).note ?? ""));

test("two tabs that finish the same draft send what each says, and what is the same once", () => twoTabs(async (one, two) => {
    await one.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "a" } });
    await two.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "a " } });
    assert.deepEqual(await said(two), ["a"]);
    await two.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "b" } });
    assert.deepEqual((await said(two)).sort(), ["a", "b"]);
}));

test("what the server has already is sent again only if it says something else", () => alone(async (phone) => {
    await phone.finishLog({ id: "l", visit: VISIT, filled: MET });
    const sha256 = await expectedSha256("log", { ...MET, visit: VISIT.id, id: "l" });
    await phone.store.put("queue", { ...(await phone.store.record("l")), state: "received", payload: null, receipt: { receivedAt: "x", sha256 } });
    await phone.finishLog({ id: "l", visit: VISIT, filled: MET });
    assert.equal((await phone.store.records(USER)).length, 1);
    await phone.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "b" } });
    assert.deepEqual((await phone.store.records(USER)).map(({ state }) => state).sort(), ["queued", "received"]);
}));

test("a sheet that two tabs finish is one while it says the same", () => twoTabs(async (one, two) => {
    await one.finishSheet({ id: "s", visit: VISIT, sheet: { answers: { 1: "si" }, filled_at: "a" } });
    await two.finishSheet({ id: "s", visit: VISIT, sheet: { answers: { 1: "si" }, filled_at: "b" } });
    assert.equal((await two.store.records(USER)).length, 1);
    await two.finishSheet({ id: "s", visit: VISIT, sheet: { answers: { 1: "no" }, filled_at: "b" } });
    assert.equal((await two.store.records(USER)).length, 2);
}));

test("a correction that another tab was quicker with loses nothing", () => twoTabs(async (one, two) => {
    await one.finishLog({ id: "l", visit: VISIT, filled: MET });
    await one.store.put("queue", { ...(await one.store.record("l")), state: "refused", refusal: { code: "x" } });
    await one.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "a" }, isCorrection: true });
    await two.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "b" }, isCorrection: true });
    assert.deepEqual((await said(two)).sort(), ["a", "b"]);
}));

test("a page that ended before it put its draft away leaves none behind, and what was written later stays", () => alone(async (phone) => {
    const draft = { kind: "log", id: "l", visit: VISIT.id, filled: MET };
    await phone.saveDraft(draft);
    const left = await phone.store.draft("l");
    await phone.finishLog({ id: "l", visit: VISIT, filled: MET });
    const { queuedAt } = await phone.store.record("l");
    await phone.store.saveDraft({ ...left, savedAt: queuedAt });
    await phone.read();
    assert.deepEqual([phone.drafts, await phone.store.draft("l")], [[], undefined]);
    await phone.store.saveDraft({ ...left, savedAt: queuedAt + 1 });
    await phone.read();
    assert.equal(phone.drafts.length, 1);
    // That of a correction is over once the log is no longer refused.
    await phone.store.saveDraft({ ...left, isCorrection: true, savedAt: queuedAt + 1 });
    await phone.read();
    assert.deepEqual(phone.drafts, []);
}));

test("what was sealed under a key that is gone is opened by the server, not corrected over", async () => {
    const store = new PhoneStore(new Database());
    const asked = [];
    const openParcels = async (_device, parcels) => {
        asked.push(parcels.length);
        const contents = parcels.map(({ context }) => ({ context, value: context.startsWith("draft")
            ? { draft: { kind: "log", id: "d", visit: VISIT.id, filled: { note: "of the draft" } } }
            : { log: { id: "l", visit: VISIT.id, ...MET, note: "of the log" } } }));
        return { kind: "ok", data: { contents } };
    };
    await alone(async (phone) => {
        await phone.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "of the log" } });
        await store.put("queue", { ...(await store.record("l")), state: "refused", refusal: { code: "x" } });
        await phone.saveDraft({ kind: "log", id: "d", visit: VISIT.id, filled: { note: "of the draft" } });
    }, { store });
    await alone(async (phone) => {
        assert.equal((await phone.openDraft("log", VISIT.id)).filled.note, "of the draft");
        assert.equal((await phone.toCorrect("log", VISIT.id)).said.note, "of the log");
    }, { store, api: { openParcels } });
    assert.deepEqual(asked, [1, 1]);
});

test("what does not open anywhere now is kept, and is not to be corrected", async () => {
    const store = new PhoneStore(new Database());
    await alone(async (phone) => {
        await phone.finishLog({ id: "l", visit: VISIT, filled: MET });
        await store.put("queue", { ...(await store.record("l")), state: "refused", refusal: { code: "x" } });
    }, { store });
    await alone(async (phone) => {
        assert.equal(await phone.toCorrect("log", VISIT.id), null);
        assert.ok(isLockedAway(await store.record("l")));
        // What she writes instead goes beside it.
        await phone.finishLog({ id: "l", visit: VISIT, filled: { ...MET, note: "b" }, isCorrection: true });
        assert.equal((await store.records(USER)).length, 2);
    }, { store, api: { openParcels: offline } });
});

test("what comes back late does not write over what another tab got back and went on with", () => twoTabs(async (one, two) => {
    await one.saveDraft({ kind: "log", id: "d", visit: VISIT.id, filled: { note: "a" } });
    await one.store.lockAway("drafts", "d", (await one.store.draft("d")).sealed);
    const value = { draft: { kind: "log", id: "d", visit: VISIT.id, filled: { note: "a" } } };
    one.api.openParcels = async (_device, [{ context }]) => {
        await two.saveDraft({ kind: "log", id: "d", visit: VISIT.id, filled: { note: "ab" } });
        return { kind: "ok", data: { contents: [{ context, value }] } };
    };
    await one.recover();
    await two.read();
    assert.equal((await two.openDraft("log", VISIT.id)).filled.note, "ab");
}));

test("a draft that came back meanwhile is gone on with, not begun anew", () => twoTabs(async (one, two) => {
    await one.saveDraft({ kind: "log", id: "d", visit: VISIT.id, filled: { note: "a" } });
    const { sealed } = await one.store.draft("d");
    await one.store.lockAway("drafts", "d", sealed);
    await one.read();
    await two.saveDraft({ kind: "log", id: "d", visit: VISIT.id, filled: { note: "ab" } });
    await one.store.lockAway("drafts", "d", sealed);
    assert.equal((await one.openDraft("log", VISIT.id)).filled.note, "ab");
}));

test("the server opens what waits in parts, none larger than it takes", () => alone(async (phone) => {
    const asked = [];
    phone.api.openParcels = async (_device, parcels) => {
        asked.push(parcels.length);
        return { kind: "ok", data: { contents: [] } };
    };
    const parcel = (n) => ({ context: `log ${n} u d` });
    for (let n = 0; n < 450; n += 1) await phone.store.put("queue", { id: String(n), user: USER, kind: "log", state: "queued", payload: { sealed: null, parcel: parcel(n) } });
    assert.equal(await phone.recover(), false);
    assert.deepEqual(asked, [200, 200, 50]);
}));

test("days that do not open are asked for whole", async () => {
    const store = new PhoneStore(new Database());
    await alone(async (phone) => {
        await phone.keepDays({ visits: [], cards: {}, lanes: {}, now: "x" });
        await store.changeAccount(USER, () => ({ etag: "known" }));
        await phone.load();
        assert.equal((await store.account(USER)).etag, "known");
    }, { store });
    await alone(async () => assert.equal((await store.account(USER)).etag, null), { store });
});

test("the fifth wrong PIN is on record in the moment in which it empties the phone", async () => {
    const store = new PhoneStore(new Database());
    const part = await crypto.subtle.importKey("raw", new Uint8Array(32), "HKDF", false, ["deriveKey"]);
    const { envelope } = await newStoreKey("135790", part, 1);
    await store.changeAccount(USER, () => ({ device: "d", envelope, part }));
    for (let n = 1; n < WRONG_PINS_ALLOWED; n += 1) await tryPin(store, USER, "135791");
    assert.equal((await store.account(USER)).isWipeUntold, undefined);
    assert.equal((await tryPin(store, USER, "135791")).left, 0);
    assert.deepEqual(await store.account(USER), { name: "account u", user: USER, device: "d", isWipeUntold: true });
});
