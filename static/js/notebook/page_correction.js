// What the server did not take: corrected where it was written, or deleted where she ended her part.
import { button, el, notice } from "../phone/dom.js";
import { afterPage } from "./page_after.js";
import { attemptPage } from "./page_attempt.js";
import { beforePage } from "./page_before.js";
import { gonePage } from "./page_case.js";

const PAGES = { survey: beforePage, attempt: attemptPage, debrief: afterPage };

export function correctionPage(app, { id }) {
    const { phone, texts: { say } } = app;
    const refused = phone.refusedOf(id);
    if (!refused) return gonePage(app);
    if (!phone.mayDrop(refused)) return PAGES[refused.about](app, { id });
    const drop = async () => {
        await phone.drop(refused);
        app.go("days", {}, true);
    };
    return {
        title: say("visit_title"),
        heading: phone.visit(id)?.participant ?? say("a_visit"),
        back: "unsent",
        nodes: [
            notice("error", el("strong", { text: say("refused_because") }), ` ${refused.refusal.detail}`),
            el("p", { text: say("her_part_ended") }),
            button(say("discard"), drop, "btn btn-danger btn-lg w-100"),
        ],
    };
}
