// The pure parts of an interviewer's notebook: what a questionnaire says, what a try must say, and which surveys stay.
import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, outcomeOf, saidAnew } from "../../static/js/notebook/answers.js";
import { busyWith, isOpen, mergedCases, stateOf } from "../../static/js/notebook/cases.js";
import { attemptDeclaration, attemptProblems, attemptSaid, debriefDeclaration, WITHIN } from "../../static/js/notebook/questions.js";
import { problems } from "../../static/js/offline/rules.js";
import { expectedSha256, makeLine } from "../../static/js/phone/line.js";
import "./vectors.js";

const XML = `<?xml version="1.0"?><data xmlns:orx="x" id="f" version="1"><reference_period>last</reference_period><privacy>yes</privacy>
<g><physical_1_ever>yes</physical_1_ever><sexual_1_ever/><other xml:space="preserve">Dijo &lt;así&gt; &amp; calló</other><still_private_1>no</still_private_1></g>
<empty>  </empty><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>`;

test("answers are read by name, blanks and the instance's own name left out", () => {
    assert.deepEqual(answersOf(XML), {
        reference_period: "last", privacy: "yes", physical_1_ever: "yes", other: "Dijo <así> & calló", still_private_1: "no",
    });
    assert.deepEqual(answersOf(""), {});
    assert.deepEqual(answersOf("<data><a>&amp;lt;</a></data>"), { a: "&lt;" });
});

test("that she is alone and agrees is asked anew", () => {
    const xml = "<d><privacy>yes</privacy><agreement/><g><still_private_2>no</still_private_2><age>34</age></g><r><age>3</age></r><r><age>5</age></r></d>";
    assert.equal(saidAnew(xml), "<d><agreement/><g><age>34</age></g><r><age>3</age></r><r><age>5</age></r></d>");
});

test("a survey ends as the server will say", () => {
    for (const [answers, outcome] of [
        [{ privacy: "no", agreement: "no" }, "not_private"],
        [{ privacy: "yes", agreement: "no" }, "refused"],
        [{ privacy: "yes", agreement: "yes", still_private_1: "no" }, "partial"],
        [{ privacy: "yes", agreement: "yes", still_private_1: "yes" }, "done"],
    ]) assert.equal(outcomeOf(answers), outcome);
});

const LISTED = {
    channel: [["visit", "Visita"], ["call", "Llamada"], ["message", "Mensaje"]], outcome: [["no_answer", "Nadie"]],
    outside_reason: [["she_asked", "Lo pidió"]], wish: [["any", "Igual"]], codes: [["calm", "Tranquila"], ["hard", "Difícil"]],
};
const TEXTS = { say: (name) => name };
const NOW = Date.parse("2026-11-28T15:00:00.000Z");
const TRIED = { attempted_at: "2026-11-28T14:30:00.000Z", channel: "call", outcome: "no_answer", outside_reason: WITHIN };

test("a try is by a visit or by her own way, with a sentence where it lay outside her times", () => {
    const declaration = attemptDeclaration(TEXTS, LISTED, ["visit", "call"]);
    assert.deepEqual(problems(declaration, TRIED, "2026-11-28"), []);
    assert.deepEqual(problems(declaration, { ...TRIED, channel: "message" }, "2026-11-28"), [["channel", "unknown"]]);
    assert.deepEqual(problems(declaration, { ...TRIED, outside_reason: "she_asked" }, "2026-11-28"), [["sentence", "required"]]);
    assert.deepEqual(problems(declaration, {}, "").map(([name]) => name), ["attempted_at", "channel", "outcome", "outside_reason"]);
});

test("a try lies behind, the next one ahead and within her times, and what was outside them is explained", () => {
    const always = () => true;
    assert.deepEqual(attemptProblems(TRIED, NOW, always), []);
    assert.deepEqual(attemptProblems({ ...TRIED, attempted_at: "2026-11-28T15:01:00.000Z" }, NOW, always), [["attempted_at", "attempt_ahead"]]);
    assert.deepEqual(attemptProblems({ ...TRIED, next_at: "2026-11-28T15:00:00.000Z" }, NOW, always), [["next_at", "next_behind"]]);
    const never = () => false;
    assert.deepEqual(attemptProblems({ ...TRIED, next_at: "2026-11-29T15:00:00.000Z" }, NOW, never), [["next_at", "next_not_safe"], ["outside_reason", "say_why_outside"]]);
    assert.deepEqual(attemptProblems({ ...TRIED, outside_reason: "she_asked" }, NOW, never), []);
});

test("within her times is not a reason that is sent", () => {
    const { outside_reason: _within, ...sent } = TRIED;
    assert.deepEqual(attemptSaid(TRIED), sent);
    assert.deepEqual(attemptSaid({ ...TRIED, outside_reason: "she_asked" }), { ...sent, outside_reason: "she_asked" });
});

test("how it went is said in codes", () => {
    const declaration = debriefDeclaration(TEXTS, LISTED);
    assert.deepEqual(problems(declaration, { wish: "any", codes: ["calm", "hard"], note: "x" }, ""), []);
    assert.deepEqual(problems(declaration, { codes: ["other"] }, ""), [["wish", "required"], ["codes", "unknown"]]);
});

const one = (id, until, more = {}) => ({ id, participant: `P${id}`, window_from: "2026-11-20", window_until: until, ...more });

test("a survey that the server no longer names stays while something about it waits", () => {
    const kept = [one("1", "2026-12-01", { earlier: [{ at: "x", xml: "<d/>" }] }), one("2", "2026-12-02"), one("3", "2026-12-03")];
    const records = [{ visit: "1", state: "queued" }, { visit: "2", state: "received" }];
    const busy = busyWith(records, [{ visit: "3", kind: "survey" }]);
    assert.deepEqual(
        mergedCases(kept, [one("4", "2026-12-02")], busy).map(({ id, isGone = false }) => [id, isGone]),
        [["1", true], ["4", false], ["3", true]],
    );
    // What the server held of it went with it.
    assert.deepEqual(mergedCases(kept, [], busy).map(({ earlier }) => earlier), [[], []]);
});

test("a survey stands as what was written last about it; tries do not count", () => {
    const records = [
        { visit: "1", about: "survey", state: "received", seq: 1 }, { visit: "1", about: "attempt", state: "queued", seq: 3 },
        { visit: "1", about: "survey", state: "queued", seq: 2 },
    ];
    assert.equal(stateOf("1", records, []), "queued");
    assert.equal(stateOf("2", records, [{ visit: "2", kind: "survey" }]), "draft");
    assert.equal(stateOf("2", records, []), null);
    assert.deepEqual([isOpen(one("1", "2026-12-01"), "2026-11-19"), isOpen(one("1", "2026-12-01"), "2026-11-20")], [false, true]);
});

test("entries go to the server in one list, in order, with receipts over what was sent", async () => {
    const sent = [];
    const api = {
        send: async (kind, body) => {
            sent.push([kind, body]);
            return { kind: "ok", data: { results: body.entries.map(({ id }) => ({ id, status: 201 })) } };
        },
    };
    const values = { a: { case: "c", kind: "attempt", at: "x", sentence: "" }, b: { case: "c", kind: "survey", at: "y", xml: "<data/>" } };
    const vault = { openOne: async (_kind, id) => values[id] };
    const record = (id) => ({ id, kind: "entry", payload: { sealed: {} } });
    const answer = await makeLine({ api, vault, clock: () => 0 }).send([record("a"), record("b")]);
    assert.deepEqual(sent.map(([kind, { entries }]) => [kind, entries.map(({ id }) => id)]), [["entry", ["a", "b"]]]);
    assert.equal("sentence" in sent[0][1].entries[0], false);
    assert.equal(answer.results[1].expected_sha256, await expectedSha256("entry", { ...values.b, id: "b" }));
    // SHA-256 of {"at":"y","case":"c","kind":"survey","xml":"<data/>"}
    assert.equal(answer.results[1].expected_sha256.length, 64);
});
