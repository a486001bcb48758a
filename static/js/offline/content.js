// What a log says, in the one written form that the server uses too (visits/log_content.py), so that both reckon the same
// hash of it: sorted names, nothing blank, moments in UTC with milliseconds.

const ENDS = /^[ \t\r\n]+|[ \t\r\n]+$/g;

export function tidy(text) {
    return text.replaceAll("\r\n", "\n").replace(ENDS, "");
}

export function isBlank(value) {
    return value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
}

export function contentOf(filled) {
    const content = {};
    for (const [name, value] of Object.entries(filled)) {
        const written = name === "note" ? tidy(value ?? "") : Array.isArray(value) ? [...new Set(value)].sort() : value;
        if (!isBlank(written)) content[name] = written;
    }
    return content;
}

export function canonicalJson(content) {
    const sorted = Object.keys(content).sort().map((name) => [name, content[name]]);
    return JSON.stringify(Object.fromEntries(sorted));
}

export async function contentSha256(visit, content) {
    const bytes = new TextEncoder().encode(canonicalJson({ ...content, visit }));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
