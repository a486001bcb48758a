// The PIN, the store's key, and the server's part, which stays here for a day at most as a key that scripts cannot read.
import { afterPin, fromText, importServerPart, isPin, newStoreKey, openStoreKey, WRONG_PINS_ALLOWED } from "../offline/seal.js";

export const PART_LASTS_MS = 24 * 3_600_000;
export const PART_RENEWED_MS = 3_600_000;
const CLOCK_TOLERANCE_MS = 5 * 60_000;

// A PIN that anybody would try first: one digit six times, or digits in a row.
export function isEasyPin(pin) {
    const steps = [...pin].slice(1).map((digit, n) => Number(digit) - Number(pin[n]));
    return steps.every((step) => step === steps[0]) && Math.abs(steps[0]) <= 1;
}

export function isPartOver(account, now) {
    return !account?.part || now - account.partAt >= PART_LASTS_MS || now < account.partAt - CLOCK_TOLERANCE_MS;
}

// Take the server's part away once its day is over.
export async function dropOldPart(store, user, now) {
    const account = await store.account(user);
    if (account?.part && isPartOver(account, now)) await store.changeAccount(user, () => ({ part: null, partAt: null }));
}

// Fetch the server's part anew. Says what the server answered.
export async function fetchPart(store, api, user, now) {
    const { device } = await store.account(user);
    const answer = await api.part(device);
    if (answer.kind === "ok") {
        const part = await importServerPart(fromText(answer.data.server_part));
        await store.changeAccount(user, () => ({ part, partAt: now }));
    }
    return answer.kind;
}

// Register this phone for an officer who is signed in, and get what sealing takes. Says what the server answered.
export async function registerPhone(store, api, user, now) {
    const account = await store.changeAccount(user, (known) => ({ device: known.device ?? crypto.randomUUID() }));
    const answer = await api.device({ id: account.device, sent_at: new Date(now).toISOString(), unsent_count: 0 });
    if (answer.kind === "unknown" || answer.kind === "revoked") {
        await store.changeAccount(user, () => ({ device: crypto.randomUUID(), part: null }));
    }
    if (answer.kind !== "ok") return answer.kind;
    await store.changeAccount(user, () => ({ sealingKey: answer.data.key }));
    return fetchPart(store, api, user, now);
}

// Choose the PIN; gives the store's new key.
export async function choosePin(store, user, pin) {
    const { part } = await store.account(user);
    const { envelope, key } = await newStoreKey(pin, part);
    await store.changeAccount(user, () => ({ envelope, wrong: 0 }));
    return key;
}

// Try a PIN: { key }, or { left } tries; with none left everything but what is unsent is gone. The try is counted before
// it is made, so that whoever closes the page in between has used it up.
export async function tryPin(store, user, pin) {
    let counted = null;
    const account = await store.changeAccount(user, (known) => {
        counted = afterPin(known.wrong ?? 0, false);
        return { wrong: counted.wrong };
    });
    const key = isPin(pin) ? await openStoreKey(pin, account.envelope, account.part) : null;
    if (key) {
        await store.changeAccount(user, () => ({ wrong: afterPin(counted.wrong, true).wrong }));
        return { key, left: null };
    }
    if (counted.mustWipe) await store.wipe(user, { isWipeUntold: true });
    return { key: null, left: counted.mustWipe ? 0 : WRONG_PINS_ALLOWED - counted.wrong };
}
