// The phone's pure parts: what is typed is kept in order, moments go there and back, an easy PIN is refused, and the line says
// what its receipts must be.
import assert from "node:assert/strict";
import { test } from "node:test";

import { contentSha256 } from "../../static/js/offline/content.js";
import { once } from "../../static/js/phone/dom.js";
import { Saver } from "../../static/js/phone/drafts.js";
import { isEasyPin, isPartOver, PART_LASTS_MS } from "../../static/js/phone/keys.js";
import { expectedSha256, makeLine } from "../../static/js/phone/line.js";
import { age, dayAfter, fromTyped, isSafeTime, toMinute, toTyped, weekdayOf } from "../../static/js/phone/moments.js";
import { makeTexts } from "../../static/js/phone/texts.js";
import "./vectors.js";

const LIMA = "America/Lima";
const tick = () => new Promise((done) => setImmediate(done));

test("the first change is saved at once, and of those made meanwhile the last", async () => {
    const saved = [];
    let release;
    const saver = new Saver(async (value) => {
        saved.push(value);
        await new Promise((done) => { release = done; });
    }, { wait: async () => {} });
    saver.note("a");
    assert.deepEqual(saved, ["a"]);
    saver.note("ab");
    saver.note("abc");
    release();
    await tick();
    assert.deepEqual(saved, ["a", "abc"]);
    release();
    await saver.settled();
});

test("what could not be saved is said, and the next change is tried again", async () => {
    let fails = true;
    const saved = [];
    const saver = new Saver(async (value) => {
        if (fails) throw new Error("no space");
        saved.push(value);
    }, { wait: async () => {} });
    saver.note("a");
    await assert.rejects(saver.settled());
    fails = false;
    saver.note("ab");
    await saver.settled();
    assert.deepEqual(saved, ["ab"]);
});

test("what could not be saved is tried again before it is said to be kept", async () => {
    let fails = true;
    const saved = [];
    const saver = new Saver(async (value) => {
        if (fails) throw new Error("no space");
        saved.push(value);
    }, { wait: async () => {} });
    saver.note("a");
    await assert.rejects(saver.settled());
    await assert.rejects(saver.settled());
    fails = false;
    await saver.settled();
    assert.deepEqual(saved, ["a"]);
});

test("a draft that could not be saved does not stop the log from going on its way", async () => {
    const saver = new Saver(async () => { throw new Error("no space"); }, { wait: async () => {} });
    saver.note("a");
    await saver.stop();
    await saver.settled();
});

test("a finger that comes down twice does a thing once, and a full disk is said", async () => {
    let [done, said] = [0, 0];
    const tapped = once(async () => { done += 1; await tick(); }, () => {});
    await Promise.all([tapped(), tapped()]);
    await tapped();
    assert.equal(done, 2);
    const full = once(async () => { throw new DOMException("full", "QuotaExceededError"); }, () => { said += 1; });
    await full();
    assert.equal(said, 1);
    await assert.rejects(once(async () => { throw new TypeError("ours"); }, () => {})(), TypeError);
});

test("after the log is sent on, nothing of its draft is saved any more", async () => {
    const saved = [];
    const saver = new Saver(async (value) => { saved.push(value); await tick(); }, { wait: async () => {} });
    saver.note("a");
    saver.note("ab");
    await saver.stop();
    assert.deepEqual(saved, ["a"]);
});

test("a moment goes to the study's time zone and back", () => {
    assert.equal(toTyped("2026-11-18T15:00:00.000Z", LIMA), "2026-11-18T10:00");
    assert.equal(fromTyped("2026-11-18T10:00", LIMA), "2026-11-18T15:00:00.000Z");
    assert.equal(toTyped("2026-11-18T04:59:00.000Z", LIMA), "2026-11-17T23:59");
    assert.equal(fromTyped("2026-11-18T24:99", LIMA), "");
    assert.equal(fromTyped("", LIMA), "");
    assert.equal(toMinute(Date.parse("2026-11-18T15:00:59.999Z")), "2026-11-18T15:00:00.000Z");
});

test("days and ages are counted", () => {
    assert.equal(dayAfter("2026-11-30", 1), "2026-12-01");
    assert.deepEqual(["2026-11-16", "2026-11-22"].map(weekdayOf), [0, 6]);
    const hour = 3_600_000;
    assert.deepEqual([age(0, 59_999), age(0, hour - 1), age(0, hour), age(0, 48 * hour - 1), age(0, 48 * hour), age(5, 0)], [
        [0, "minute"], [59, "minute"], [1, "hour"], [47, "hour"], [2, "day"], [0, "minute"],
    ]);
});

test("the PINs that anybody would try are refused", () => {
    for (const pin of ["000000", "777777", "123456", "654321", "345678"]) assert.ok(isEasyPin(pin), pin);
    for (const pin of ["135790", "112233", "246810", "123457"]) assert.ok(!isEasyPin(pin), pin);
});

test("the server's part lasts a day, and ends when the clock is set back", () => {
    const account = { part: {}, partAt: 10_000_000 };
    assert.equal(isPartOver(account, 10_000_000 + PART_LASTS_MS - 1), false);
    assert.equal(isPartOver(account, 10_000_000 + PART_LASTS_MS), true);
    assert.equal(isPartOver(account, 10_000_000 - 300_001), true);
    assert.equal(isPartOver({ part: null }, 0), true);
    assert.equal(isPartOver(null, 0), true);
});

test("texts are filled in, and one is not many", () => {
    const texts = makeTexts({ texts: { a_one: "{n} thing of {who}", a_many: "{n} things of {who}" }, language: "es", time_zone: LIMA });
    assert.deepEqual([texts.count("a", 1, { who: "<b>" }), texts.count("a", 0), texts.hour("2026-11-18T15:05:00Z")], ["1 thing of <b>", "0 things of {who}", "10:05"]);
});

const vault = { openOne: async (_kind, id) => { if (id === "bad") throw new Error(); return { visit: "v", outcome: "met" }; } };
const record = (id, kind = "log") => ({ id, kind, payload: { sealed: {} } });

test("logs and sheets go their own ways, and what does not open holds up nothing", async () => {
    const sent = [];
    const api = { send: async (kind, body) => { sent.push([kind, body]); return { kind: "ok", data: { results: (body.logs ?? body.sheets).map(({ id }) => ({ id, status: 201 })) } }; } };
    const away = [];
    const line = makeLine({ api, vault, clock: () => 0, lockAway: async ({ id }) => away.push(id) });
    const answer = await line.send([record("a"), record("bad"), record("s", "sheet")]);
    assert.deepEqual(sent, [
        ["log", { sent_at: "1970-01-01T00:00:00.000Z", logs: [{ visit: "v", outcome: "met", id: "a" }] }],
        ["sheet", { sent_at: "1970-01-01T00:00:00.000Z", sheets: [{ visit: "v", outcome: "met", id: "s" }] }],
    ]);
    assert.equal(answer.kind, "answered");
    assert.deepEqual(answer.results.map(({ id, status }) => [id, status]), [["a", 201], ["s", 201]]);
    // What does not open is for the server to open: it is not to be corrected over.
    assert.deepEqual([away, (await line.send([record("bad")])).kind], [["bad", "bad"], "answered"]);
    assert.equal(answer.results[0].expected_sha256, await contentSha256("v", { outcome: "met" }));
});

for (const [came, kind] of [["failed", "failed"], ["signed_out", "signed_out"], ["revoked", "signed_out"], ["too_large", "too_large"]]) {
    test(`an answer of "${came}" leaves the logs waiting`, async () => {
        const api = { send: async () => ({ kind: came, data: null }) };
        assert.deepEqual(await makeLine({ api, vault, clock: () => 0 }).send([record("a")]), { kind });
    });
}

test("a sheet's receipt is reckoned over names sorted at every depth, without blanks", async () => {
    const one = await expectedSha256("sheet", { id: "x", answers: { b: "si", a: null }, overrides: {}, scale: { version: "1", code: "c" }, reason: "", own_rating: 0 });
    const two = await expectedSha256("sheet", { own_rating: 0, scale: { code: "c", version: "1" }, overrides: {}, answers: { b: "si" }, id: "y" });
    const other = await expectedSha256("sheet", { scale: { code: "c", version: "1" }, overrides: {}, answers: { b: "si" }, id: "y" });
    assert.equal(one, two);
    assert.notEqual(one, other);
});

test("items that are numbered are sorted as the server sorts them, as text", async () => {
    const sheet = {
        id: "x", participant: "P1", visit: "v", filled_at: "2026-11-18T15:00:00.000Z", answers: { 1: "si", 2: "si", "2a": "no", 3: null, 10: "no" },
        overrides: {}, officer_level: "", reason: "", own_rating: 0, scale: { code: "FVR_PAREJA", version: "2020" }, device_score: 12, device_level: "moderado",
    };
    // risk.sheet_content.sheet_sha256 of the same
    assert.equal(await expectedSha256("sheet", sheet), "fce0e7214ff27c7d130ef3bfe4beff7f729d246332389b598d0bacdb6b52b901");
});

test("her safe days are counted from Monday as 1, and her hours end when they end", () => {
    const card = { safe_weekdays: [1, 7], safe_from: "09:00", safe_until: "18:00" };
    const at = (moment) => isSafeTime(card, LIMA, Date.parse(moment));
    // 2026-11-16 is a Monday, 2026-11-22 a Sunday; Lima is five hours behind.
    assert.deepEqual(["2026-11-16T14:00Z", "2026-11-16T13:59Z", "2026-11-16T22:59Z", "2026-11-16T23:00Z"].map(at), [true, false, true, false]);
    assert.deepEqual(["2026-11-22T15:00Z", "2026-11-17T15:00Z", "2026-11-21T15:00Z"].map(at), [true, false, false]);
});
