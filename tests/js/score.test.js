import assert from "node:assert/strict";
import { test } from "node:test";

import { AnswerUnknown, NothingToScore, score } from "../../static/js/offline/score.js";
import { vectors } from "./vectors.js";

const { scales, cases } = vectors("scale_scores");

for (const { name, scale, answers, overrides, result } of cases) {
    test(`score: ${name}`, () => assert.deepEqual(score(scales[scale], answers, overrides), result));
}

test("an answer that the scale does not offer is no score", () => {
    assert.throws(() => score(scales.FVR_PAREJA, { 1: "quizás" }, {}), AnswerUnknown);
    assert.throws(() => score(scales.FVR_PAREJA, { 99: "si" }, {}), AnswerUnknown);
});

test("a level chosen by hand has no score", () => {
    assert.throws(() => score({ kind: "by_hand" }, {}, {}), NothingToScore);
});

test("items called as what every object has are blank until they are answered", () => {
    const items = ["constructor", "__proto__", "tostring"].map((id) => ({ id, text: id, si: 1, no: 0, filter: { no: "skip tostring" } }));
    const scale = { kind: "scored", items, override: [], levels: [{ code: "low", max: 0 }, { code: "high" }] };

    assert.deepEqual(score(scale, {}, {}).missing, ["constructor", "__proto__", "tostring"]);
    const answered = JSON.parse('{"constructor": "si", "__proto__": "no"}');
    assert.deepEqual(score(scale, answered, {}), { score: 1, level: "high", complete: true, missing: [], skipped: ["tostring"] });
});
