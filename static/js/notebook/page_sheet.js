// Somebody came in: a harmless sheet stands in the place of the survey, which is sealed and locked away; the PIN brings it back.
import { isPin } from "../offline/seal.js";
import { el } from "../phone/dom.js";
import { tryPin } from "../phone/keys.js";

export function sheetPage(app, { sheet, user }) {
    const { say } = app.texts;
    const said = el("p", { class: "w-100 mb-0", id: "sheet_code_said", role: "status" });
    const code = el("input", { class: "form-control", id: "sheet_code", type: "password", inputmode: "numeric", maxlength: 6, autocomplete: "off", "aria-describedby": "sheet_code_said" });
    const next = el("button", { class: "btn btn-primary", text: say("sheet_next") });
    let isBusy = false;

    async function submit(event) {
        event.preventDefault();
        if (isBusy) return;
        isBusy = true;
        const pin = code.value;
        code.value = "";
        const tried = isPin(pin) ? await tryPin(app.store, user, pin) : { key: null, left: null };
        isBusy = false;
        if (tried.key) await app.opened(user, tried.key);
        else if (tried.left === 0) await app.wiped(user);
        else said.textContent = say("sheet_code_wrong");
    }

    return {
        title: say("sheet_heading"),
        heading: say("sheet_heading"),
        nodes: [
            ...sheet.flatMap(({ title, questions }) => [el("h2", { text: title }), ...questions.map(question)]),
            el("form", { class: "d-flex flex-wrap gap-2 align-items-end mt-4", novalidate: true, autocomplete: "off", on: { submit } },
                el("div", {}, el("label", { class: "form-label", for: "sheet_code", text: say("sheet_code") }), code), next, said),
        ],
    };
}

function question({ name, kind, label, choices }) {
    const id = `sheet_${name}`;
    if (choices.length === 0) {
        const input = el("input", { class: "form-control", id, type: kind === "number" ? "number" : "text", autocomplete: "off" });
        return el("div", { class: "mb-3" }, el("label", { class: "form-label", for: id, text: label }), input);
    }
    const type = kind === "several" ? "checkbox" : "radio";
    const checks = choices.map(([value, words]) => el("div", { class: "form-check" },
        el("input", { class: "form-check-input", type, name: id, id: `${id}_${value}`, value }),
        el("label", { class: "form-check-label", for: `${id}_${value}`, text: words })));
    return el("fieldset", { class: "mb-3" }, el("legend", { class: "form-label", text: label }), ...checks);
}
