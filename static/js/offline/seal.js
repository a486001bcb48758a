// What lies on the phone is ciphertext. Its key is wrapped by the six-digit PIN and a part that the server gave this device;
// logs that wait are sealed to the server's public key besides, so that only the server can open them when the PIN is lost.
//
// Only WebCrypto, on old phones too: PBKDF2 for the PIN, HKDF, AES-GCM, ECDH on P-256.

export const ITERATIONS = 600_000;
export const WRONG_PINS_ALLOWED = 5;
const utf8 = new TextEncoder();
const AES = { name: "AES-GCM", length: 256 };
const PIN_SHAPE = /^[0-9]{6}$/;

export class PinInvalid extends Error {}

export function isPin(text) {
    return PIN_SHAPE.test(text);
}

// The server's part as a key that scripts cannot read again.
export function importServerPart(bytes) {
    return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
}

// A new key for the store, and the envelope in which it is kept.
export async function newStoreKey(pin, serverPart, iterations = ITERATIONS) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const wrapping = await wrappingKey(pin, salt, serverPart, iterations);
    const fresh = await crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
    const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", fresh, wrapping, { name: "AES-GCM", iv }));
    const envelope = { version: 1, iterations, salt: toText(salt), iv: toText(iv), wrapped: toText(wrapped) };
    return { envelope, key: await unwrapped(envelope, wrapping) };
}

// The store's key, which scripts can use and not read; null for a wrong PIN or another server's part.
export async function openStoreKey(pin, envelope, serverPart) {
    const wrapping = await wrappingKey(pin, fromText(envelope.salt), serverPart, envelope.iterations);
    try {
        return await unwrapped(envelope, wrapping);
    } catch {
        return null;
    }
}

// `context` binds what is sealed to its place: moved elsewhere, it does not open.
export function seal(key, value, context) {
    return sealBytes(key, utf8.encode(JSON.stringify(value)), context);
}

export async function open(key, sealed, context) {
    return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed, context)));
}

export async function sealBytes(key, plain, context) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, key, plain);
    return { iv, sealed: new Uint8Array(sealed) };
}

export function openBytes(key, { iv, sealed }, context) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(context) }, key, sealed);
}

// Seal to the server: an ephemeral key agrees with the server's, and is thrown away. `server` is { id, key } with the public
// point in base64url. Nobody but the server opens it, this phone neither.
export async function sealToServer(server, value, context) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", fromText(server.key), curve, false, []);
    const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
    const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: point, info: utf8.encode(`agenda sealed log v1 ${server.id}`) };
    const key = await crypto.subtle.deriveKey(hkdf, secret, AES, false, ["encrypt"]);
    const { iv, sealed } = await seal(key, value, context);
    return { version: 1, key_id: server.id, point: toText(point), iv: toText(iv), sealed: toText(sealed), context };
}

// What a wrong or right PIN does to the count: after the last wrong one the cards must go.
export function afterPin(wrongBefore, isRight) {
    if (isRight) return { wrong: 0, mustWipe: false };
    const wrong = wrongBefore + 1;
    return { wrong, mustWipe: wrong >= WRONG_PINS_ALLOWED };
}

async function wrappingKey(pin, salt, serverPart, iterations) {
    if (!isPin(pin)) throw new PinInvalid();
    const typed = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveBits"]);
    const stretched = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 256);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: stretched, info: utf8.encode("agenda store key v1") };
    return crypto.subtle.deriveKey(hkdf, serverPart, AES, false, ["wrapKey", "unwrapKey"]);
}

function unwrapped(envelope, wrapping) {
    const opening = { name: "AES-GCM", iv: fromText(envelope.iv) };
    return crypto.subtle.unwrapKey("raw", fromText(envelope.wrapped), wrapping, opening, AES, false, ["encrypt", "decrypt"]);
}

export function toText(bytes) {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function fromText(text) {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
