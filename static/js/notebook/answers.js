// What a questionnaire's XML says, as far as the phone needs it.

// That she was alone and agreed is asked each time anew (as surveys/queries/sittings.py has it).
const ASKED_EACH_TIME = /^(privacy|agreement|still_private|started_at|ended_at)/;
const LEAF = /<([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>([^<>]*)<\/\1\s*>/g;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" };

// The answers by the question's name, those left blank left out. Of a question that is asked several times, the last.
export function answersOf(xml) {
    const answers = {};
    for (const [, name, text] of xml.matchAll(LEAF)) {
        const said = text.replace(/&(lt|gt|quot|apos|amp);/g, (written) => ENTITIES[written]);
        if (said.trim() && name !== "instanceID" && name !== "instanceName") answers[name] = said;
    }
    return answers;
}

// The same questionnaire without what is asked each time anew.
export function saidAnew(xml) {
    return xml.replace(LEAF, (whole, name) => (ASKED_EACH_TIME.test(name) ? "" : whole));
}

// What becomes of the survey, as surveys/outcomes.py has it: "not_private", "refused", "partial" or "done".
export function outcomeOf(answers) {
    if (answers.privacy === "no") return "not_private";
    if (answers.agreement === "no") return "refused";
    return Object.entries(answers).some(([name, said]) => name.startsWith("still_private") && said === "no") ? "partial" : "done";
}
