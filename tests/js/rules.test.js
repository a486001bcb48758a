import assert from "node:assert/strict";
import { test } from "node:test";

import { askedFields, problems, studyDay, withoutUnasked } from "../../static/js/offline/rules.js";
import { vectors } from "./vectors.js";

const declaration = vectors("log_declaration");

for (const vector of vectors("visit_log").problems) {
    test(`rules: ${vector.name}`, () => {
        assert.deepEqual(problems(declaration, vector.content, vector.visit_day), vector.problems);
    });
}

test("not in private: what could endanger her is hidden, and an answer given before is taken out", () => {
    const content = { outcome: "met", in_private: "no", new_incident: "yes", incident_type: "words", measures_obeyed: "no" };
    const shown = askedFields(declaration, content).map((field) => field.name);
    assert.deepEqual(shown, ["outcome", "occurred_at", "safety_concern", "in_private", "present", "child_in_danger", "referral_offered", "next_contact", "note"]);
    assert.deepEqual(withoutUnasked(declaration, content), { outcome: "met", in_private: "no" });
});

test("the day of a visit is that of Lima", () => {
    assert.equal(studyDay("2026-11-19T04:59:59.999Z", "America/Lima"), "2026-11-18");
    assert.equal(studyDay("2026-11-19T05:00:00.000Z", "America/Lima"), "2026-11-19");
});
