import assert from "node:assert/strict";
import { test } from "node:test";

import { afterPin, fromText, importServerPart, newStoreKey, open, openStoreKey, PinInvalid, seal, sealToServer, toText } from "../../static/js/offline/seal.js";
import "./vectors.js";

const FEW = 1_000;
const part = (fill) => importServerPart(new Uint8Array(32).fill(fill));

test("the PIN and the server's part open the store, and neither alone", async () => {
    const { envelope, key } = await newStoreKey("123456", await part(1), FEW);
    const sealed = await seal(key, { name: "Rosa" }, "card 1");
    const again = await openStoreKey("123456", JSON.parse(JSON.stringify(envelope)), await part(1));
    assert.deepEqual(await open(again, sealed, "card 1"), { name: "Rosa" });
    assert.equal(await openStoreKey("123457", envelope, await part(1)), null);
    assert.equal(await openStoreKey("123456", envelope, await part(2)), null);
});

test("scripts cannot read the key", async () => {
    const { key, envelope } = await newStoreKey("123456", await part(1), FEW);
    for (const held of [key, await openStoreKey("123456", envelope, await part(1))]) {
        await assert.rejects(crypto.subtle.exportKey("raw", held));
    }
});

test("what was altered or moved does not open", async () => {
    const { key } = await newStoreKey("123456", await part(1), FEW);
    const sealed = await seal(key, "Jr. Los Jilgueros 123", "card 1");
    await assert.rejects(open(key, sealed, "card 2"));
    sealed.sealed[0] ^= 1;
    await assert.rejects(open(key, sealed, "card 1"));
});

test("the same value sealed twice looks different, and nothing of it shows", async () => {
    const { key } = await newStoreKey("123456", await part(1), FEW);
    const [one, two] = [await seal(key, "Rosa Quispe", "x"), await seal(key, "Rosa Quispe", "x")];
    assert.notDeepEqual(one.sealed, two.sealed);
    assert.ok(!Buffer.from(one.sealed).includes("Rosa"));
});

for (const pin of ["", "12345", "1234567", "12345a", "１２３４５６"]) {
    test(`"${pin}" is no PIN`, async () => {
        await assert.rejects(newStoreKey(pin, await part(1), FEW), PinInvalid);
    });
}

test("five wrong PINs wipe the cards, and a right one begins anew", () => {
    let wrong = 0;
    for (const expected of [false, false, false, false, true]) {
        const next = afterPin(wrong, false);
        wrong = next.wrong;
        assert.equal(next.mustWipe, expected);
    }
    assert.deepEqual(afterPin(4, true), { wrong: 0, mustWipe: false });
});

test("only the server opens what is sealed to it", async () => {
    const server = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const key = toText(new Uint8Array(await crypto.subtle.exportKey("raw", server.publicKey)));
    const parcel = await sealToServer({ id: "k1", key }, { note: "Rosa" }, "log 1");
    assert.deepEqual([parcel.version, parcel.key_id, parcel.context], [1, "k1", "log 1"]);
    assert.ok(!JSON.stringify(parcel).includes("Rosa"));
    assert.equal(fromText(parcel.point).length, 65);
});

test("base64url goes there and back", () => {
    for (let length = 0; length < 70; length += 1) {
        const bytes = Uint8Array.from({ length }, (_, n) => (n * 37) % 256);
        assert.deepEqual(fromText(toText(bytes)), bytes);
    }
});
