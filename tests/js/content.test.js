import assert from "node:assert/strict";
import { test } from "node:test";

import { canonicalJson, contentOf, contentSha256, tidy } from "../../static/js/offline/content.js";
import { vectors } from "./vectors.js";

for (const vector of vectors("visit_log").hashes) {
    test(`hash: ${vector.name}`, async () => {
        assert.equal(canonicalJson(vector.content), vector.canonical);
        assert.equal(await contentSha256(vector.visit, vector.content), vector.sha256);
    });
}

test("what is blank is not written, and codes come in order, each once", () => {
    const filled = { outcome: "met", note: " \r\n a\r\nb\t", present: ["relatives", "he", "he"], in_private: "", safety_concern: false, incident_on: null };
    assert.deepEqual(contentOf(filled), { outcome: "met", note: "a\nb", present: ["he", "relatives"] });
});

test("tidying keeps what is no blank of a keyboard", () => {
    assert.equal(tidy("\u00a0a\ufeff "), "\u00a0a\ufeff");
});
