// How this phone stands, the language, and the way out.
import { button, el, fact, notice } from "./dom.js";
import { saveFile } from "./page_unsent.js";

export function morePage(app, { others = 0, isLasting = null } = {}) {
    const { phone, texts, boot } = app;
    const { say, count } = texts;
    const skew = Math.round(Math.abs(phone.state.skewMs ?? 0) / 1000);
    return {
        title: say("more_title"),
        heading: say("more_title"),
        nodes: [
            el("dl", { class: "facts" },
                fact(say("last_contact"), phone.state.contactAt ? texts.moment(phone.state.contactAt) : "—"),
                fact(say("clock_off"), count("seconds", skew)),
                isLasting === null ? [] : fact(say("lasting"), say(isLasting ? "lasting_yes" : "lasting_no"))),
            others ? notice("info", count("others_wait", others)) : null,
            el("div", { class: "d-grid gap-2" },
                ...boot.languages.filter(([code]) => code !== texts.language).map(([code, label]) => button(label, () => app.speak(code), "btn btn-outline-secondary")),
                button(say("lock"), () => app.lock(), "btn btn-outline-primary"),
                button(say("sign_out"), () => app.go("leave"), "btn btn-outline-secondary"),
                el("a", { class: "btn btn-link", href: boot.urls.home, text: say("other_pages") })),
            el("p", { class: "form-text mt-3", text: say("exit_how") }),
        ],
    };
}

export function leavePage(app) {
    const { phone, texts } = app;
    const { say, count } = texts;
    const { waiting, oldestAt } = phone.summary();
    const drafts = phone.drafts.length;
    return {
        title: say("sign_out"),
        heading: say("sign_out"),
        back: "more",
        nodes: [
            waiting + drafts ? notice("error", el("strong", { text: count("unsent_leave", waiting + drafts) }), el("span", { class: "d-block", text: say("unsent_leave_why") })) : el("p", { text: say("leave_why") }),
            el("div", { class: "d-grid gap-2" },
                waiting ? button(say("send_now"), async () => { await phone.sync.run(); app.go("leave", {}, true); }, "btn btn-primary btn-lg") : null,
                waiting ? button(say("save_file"), () => saveFile(app), "btn btn-outline-primary btn-lg") : null,
                button(say(waiting + drafts ? "leave_anyway" : "leave_now"), () => app.signOut(), waiting + drafts ? "btn btn-danger btn-lg" : "btn btn-primary btn-lg"),
                button(say("stay"), () => app.go("days"), "btn btn-outline-secondary btn-lg")),
            oldestAt ? el("p", { class: "form-text mt-3", text: say("oldest_since", { when: texts.moment(oldestAt) }) }) : null,
        ],
    };
}
