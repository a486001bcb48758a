// The door: choose a PIN, give it, or sign in first.
import { isPin } from "../offline/seal.js";
import { button, el, notice } from "./dom.js";
import { choosePin, isEasyPin, tryPin } from "./keys.js";

function pinField(id, label, onInput) {
    const input = el("input", {
        class: "form-control pin-field", id, type: "password", inputmode: "numeric", pattern: "[0-9]{6}", maxlength: 6,
        autocomplete: "off", "aria-describedby": "pin_problem", on: onInput ? { input: onInput } : {},
    });
    return { input, row: el("div", { class: "mb-3" }, el("label", { class: "form-label", for: id, text: label }), input) };
}

function problemLine() {
    return el("p", { class: "invalid-feedback", id: "pin_problem", role: "alert" });
}

export function pinSetPage(app, { user }) {
    const { say } = app.texts;
    const [first, second] = [pinField("pin", say("pin_new")), pinField("pin_again", say("pin_again"))];
    const problem = problemLine();
    const save = el("button", { class: "btn btn-primary btn-lg w-100", text: say("pin_save") });

    async function submit(event) {
        event.preventDefault();
        const pin = first.input.value;
        const wrong = !isPin(pin) ? "pin_six" : isEasyPin(pin) ? "pin_easy" : pin !== second.input.value ? "pin_differs" : null;
        problem.textContent = wrong ? say(wrong) : "";
        if (wrong) {
            (wrong === "pin_differs" ? second : first).input.focus();
            return;
        }
        save.disabled = true;
        save.textContent = say("one_moment");
        await app.opened(user, await choosePin(app.store, user, pin));
    }

    return {
        title: say("pin_title"),
        heading: say("pin_choose"),
        nodes: [
            el("p", { text: say("pin_why") }),
            el("p", { class: "lead-text", text: say("pin_lost") }),
            el("form", { novalidate: true, on: { submit } }, first.row, second.row, problem, save),
        ],
    };
}

export function pinPage(app, { user, left = null }) {
    const { say, count } = app.texts;
    const problem = problemLine();
    const field = pinField("pin", say("pin_give"), () => isPin(field.input.value) && submit());
    const go = el("button", { class: "btn btn-primary btn-lg w-100", text: say("pin_open") });
    const whose = el("p", { class: "lead-text", role: "status" });
    let isBusy = false;
    if (left !== null) problem.textContent = count("pin_wrong", left);

    async function submit(event) {
        event?.preventDefault();
        if (isBusy) return;
        if (!isPin(field.input.value)) {
            problem.textContent = say("pin_six");
            return;
        }
        isBusy = true;
        problem.textContent = say("one_moment");
        // Another may have signed in since this door was drawn: then it is not this account that the PIN is of.
        await app.whoIsHere();
        if (!field.input.isConnected) return;
        const tried = await tryPin(app.store, user, field.input.value);
        field.input.value = "";
        isBusy = false;
        if (tried.key) await app.opened(user, tried.key);
        else if (tried.left === 0) await app.wiped(user);
        else {
            problem.textContent = count("pin_wrong", tried.left);
            field.input.focus();
        }
    }

    return {
        title: say("pin_title"),
        heading: say("pin_ask"),
        focus: field.input,
        typed: () => field.input.value,
        goOn(typed) {
            field.input.value = typed;
            if (isPin(typed)) submit();
        },
        tellWhose(name) {
            whose.textContent = say("pin_whose", { name });
        },
        nodes: [
            whose,
            el("form", { novalidate: true, on: { submit } }, field.row, problem, go),
            el("p", { class: "mt-4" }, el("a", { href: app.signInUrl(), text: say("sign_in_again") })),
            button(say("pin_forgot"), () => app.forget(user), "btn btn-link px-0"),
        ],
    };
}

// As after five wrong PINs, by her own word: signing in again alone would ask for the same PIN.
export function forgottenPage(app, { user }) {
    const { say } = app.texts;
    return {
        title: say("pin_title"),
        heading: say("pin_forgot"),
        nodes: [
            el("p", { text: say("forgot_why") }),
            el("div", { class: "d-grid gap-2" },
                button(say("forgot_go"), () => app.forgotten(user), "btn btn-danger btn-lg"),
                button(say("back"), () => app.begin(), "btn btn-outline-secondary btn-lg")),
        ],
    };
}

// Where a signal, or signing in, is needed before anything opens.
export function doorPage(app, { why, waiting = 0 }) {
    const { say, count } = app.texts;
    const actions = {
        sign_in: [el("a", { class: "btn btn-primary btn-lg w-100", href: app.signInUrl(), text: say("sign_in") })],
        not_for_you: [el("a", { class: "btn btn-outline-primary", href: app.boot.urls.home, text: say("back") })],
        checking: [],
    }[why] ?? [
        button(say("try_again"), () => app.begin(), "btn btn-primary btn-lg w-100"),
        el("p", { class: "mt-3" }, el("a", { href: app.signInUrl(), text: say("sign_in") })),
    ];
    return {
        title: "Agenda",
        heading: say(`door_${why}`),
        nodes: [
            el("p", { text: say(`door_${why}_why`) }),
            waiting ? notice("warning", count("kept_sealed", waiting)) : null,
            ...actions,
        ],
    };
}
