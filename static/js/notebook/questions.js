// What is asked of an interviewer about a try and about a survey that is over, in the words of a declaration, as
// offline/rules.js and phone/form.js take it. Her own choices come with the notebook.

const asked = (name, kind, label, more = {}) => ({ name, kind, label, choices: [], asked_if: {}, required: false, ...more });
const choices = (listed) => listed.map(([value, label]) => ({ value, label, asked_if: {}, needs: "", stands_alone: false }));
export const WITHIN = "within";

// `ways` are the ways by which she may be reached: a visit, and that of her card.
export function attemptDeclaration({ say }, listed, ways) {
    const reasons = listed.outside_reason.map(([value]) => value);
    return {
        fields: [
            asked("attempted_at", "moment", say("attempted_at"), { required: true }),
            asked("channel", "choice", say("channel"), { required: true, choices: choices(listed.channel.filter(([value]) => ways.includes(value))) }),
            asked("outcome", "choice", say("outcome"), { required: true, choices: choices(listed.outcome) }),
            asked("next_at", "moment", say("next_at"), { after: "attempted_at" }),
            asked("outside_reason", "choice", say("outside_reason"), { required: true, choices: choices([[WITHIN, say("within")], ...listed.outside_reason]) }),
            asked("sentence", "text", say("sentence"), { required: true, longest: 500, asked_if: { outside_reason: reasons } }),
        ],
    };
}

export function debriefDeclaration({ say }, listed) {
    return {
        fields: [
            asked("wish", "choice", say("wish"), { required: true, choices: choices(listed.wish) }),
            asked("codes", "choices", say("codes"), { choices: choices(listed.codes) }),
            asked("note", "text", say("note"), { longest: 1000 }),
        ],
    };
}

// What a try says besides what its declaration holds, as [field, text's name]; `isSafe(moment)` says whether that is hers.
export function attemptProblems(filled, now, isSafe) {
    const found = [];
    if (filled.attempted_at && Date.parse(filled.attempted_at) > now) found.push(["attempted_at", "attempt_ahead"]);
    if (filled.next_at && Date.parse(filled.next_at) <= now) found.push(["next_at", "next_behind"]);
    else if (filled.next_at && !isSafe(Date.parse(filled.next_at))) found.push(["next_at", "next_not_safe"]);
    if (filled.outside_reason === WITHIN && filled.attempted_at && !isSafe(Date.parse(filled.attempted_at))) found.push(["outside_reason", "say_why_outside"]);
    return found;
}

// A try as it is sent.
export function attemptSaid({ outside_reason: reason, ...filled }) {
    return reason === WITHIN ? filled : { ...filled, outside_reason: reason };
}
