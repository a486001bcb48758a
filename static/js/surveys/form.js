/*
 * One questionnaire on a page, asked by ODK Web Forms.
 *
 *     const form = await mountForm(host, { xform, language, prefill, words, onSubmit, onProgress });
 *
 * host         an element that is empty; the questionnaire fills it
 * xform        the XForm, as text (`fetchForm(url)`, or out of a device's own store: nothing here asks the network)
 * language     "es" or "en": the language the questions begin in; another one may be chosen on the page
 * prefill      answers that stand before anybody asks, by the question's name: { reference_period: "last_12_months" }
 * earlier      what was answered before, as submissions (XML), the oldest first: put back by its place, repeats whole
 * file         async (name) => a Response with a file that the form names, a picture or a list; left out where it names
 *              none. A form whose lists do not come is not asked: mountForm throws
 * words        what the library says in English, by its English text, in the language of the page
 * onSubmit     async ({ xml, instanceId }) => undefined when it was kept; an Error's message is shown otherwise, and the
 *              questionnaire stays as it is. Called only when every answer holds; a second tap meanwhile does nothing
 * onProgress   ({ answered, asked }) => …  after each change: questions that wait for an answer are asked, not answered
 *
 * What it gives back:
 *     form.language()     the name of the language that is shown, as the form has it: "Español (es)"
 *     form.progress()     { answered, asked } at this moment
 *     form.whole          a promise, kept once every question is drawn (the first ones are before): how many had to wait
 *     form.draft()        the answers so far as XML, whether they hold or not, with those of `earlier` whose questions are
 *                         not asked yet: to be sealed and kept in the place of what was kept before
 *     form.close()        takes the questionnaire off the page; nothing of it stays in memory or in the document
 *
 * The page that mounts it declares "vue" and "@getodk/web-forms" in an import map and carries a nonce for styles
 * (templates/surveys/_web_form_scripts.html): under a strict content policy the library's own styles need it.
 */

import { putBack, repeatsOf, withEarlier } from "./earlier.js";
import { drawGradually } from "./gradually.js";

const NO_PICTURE = /^(Media not found|Cannot fetch media|Failed to load image)/;
const NOT_ANSWERED = new Set(["note", "model-value", "root"]);

/** Return an XForm's text. Throws where the page's server does not give it. */
export async function fetchForm(url) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
}

/** Return how a page gets the files that a form names from its server: `listed` by name and hash, SHA in the address. */
export function filesAt(listed, address) {
    const named = new Map(listed.map(({ name, sha256 }) => [name, address.replace("SHA", sha256)]));
    return async (name) => {
        if (!named.has(name)) throw new Error("none");
        return fetch(named.get(name), { credentials: "same-origin" });
    };
}

/** Return the XForm with answers put into its instance and its texts in order of the language, and that instance. */
export function prepared(xform, { prefill = {}, earlier = [], language = "" }) {
    const form = new DOMParser().parseFromString(xform, "text/xml");
    const instance = form.querySelector("model > instance > *");
    const repeats = earlier.length ? repeatsOf(form) : null;
    for (const xml of earlier) putBack(instance, new DOMParser().parseFromString(xml, "text/xml").documentElement, repeats);
    for (const [name, answer] of Object.entries(prefill)) {
        const places = [...instance.getElementsByTagName("*")].filter((node) => node.localName === name);
        for (const place of places) if (!place.childElementCount) place.textContent = answer;
    }
    const translations = [...form.querySelectorAll("itext > translation")];
    const wanted = translations.find((each) => each.getAttribute("lang").includes(`(${language})`));
    if (wanted) {
        translations.forEach((each) => each.removeAttribute("default"));
        wanted.setAttribute("default", "true()");
    }
    return { xml: new XMLSerializer().serializeToString(form), instance };
}

export async function mountForm(host, options) {
    giveStylesTheNonce(host.ownerDocument, options.nonce ?? nonceOf(host.ownerDocument));
    const [vue, { OdkWebForm, webFormsPlugin }] = await Promise.all([
        import("vue"),
        import("@getodk/web-forms"),
    ]);
    const { createApp, h } = vue;
    const page = { isSending: false, error: errorBox(host) };
    const { xml: formXml, instance: before } = prepared(options.xform, options);
    const shown = h(OdkWebForm, {
        formXml,
        fetchFormAttachment: (address) => fileOf(options, address),
        onSubmit: (payload) => send(payload, options, page, host),
    });
    const app = createApp({ render: () => shown });
    app.use(webFormsPlugin);
    nameDays(app.config.globalProperties.$primevue?.config?.locale, options.language);
    const drawing = drawGradually(app, vue);
    app.mount(frame(host));
    const saying = sayInWords(host, options.words ?? {});
    await ready(host);
    if (host.querySelector(".form-initialization-status.error")) throw new Error("not whole");
    const root = rootOf(shown);
    const tell = () => options.onProgress?.(progressOf(root));
    const tellSoon = afterDrawing(tell);
    for (const change of ["input", "change", "click"]) host.addEventListener(change, tellSoon);
    tell();
    drawing.start();
    return {
        language: () => root?.currentState.activeLanguage?.language ?? "",
        progress: () => progressOf(root),
        whole: drawing.whole,
        draft: async () => {
            const now = await xmlOf(await root.prepareInstancePayload({ payloadType: "monolithic" }));
            return options.earlier?.length ? { ...now, xml: withEarlier(now.xml, before) } : now;
        },
        close: () => {
            saying.disconnect();
            forgetPictures(host);
            app.unmount();
            host.replaceChildren();
        },
    };
}

/* A file by the address that the form gives it: jr://images/NAME, jr://file-csv/NAME. */
async function fileOf({ file }, address) {
    if (!file) throw new Error("none");
    return file(decodeURIComponent(new URL(address.href).pathname.slice(1)));
}

/* The library keeps what it shows in the page's memory, and leaves it there. */
function forgetPictures(host) {
    for (const picture of host.querySelectorAll("img[src^='blob:']")) URL.revokeObjectURL(picture.src);
}

/* Once for all that happens until then, and when what was tapped is on the screen. */
function afterDrawing(work) {
    let isWaiting = false;
    return () => {
        if (isWaiting) return;
        isWaiting = true;
        requestAnimationFrame(() => setTimeout(() => {
            isWaiting = false;
            work();
        }));
    };
}

async function send(payload, options, page, host) {
    const settled = await payload;
    if (page.isSending) return;
    page.isSending = true;
    page.error.hidden = true;
    host.setAttribute("aria-busy", "true");
    try {
        await options.onSubmit(await xmlOf(settled));
    } catch (problem) {
        page.error.textContent = problem.message;
        page.error.hidden = false;
        page.error.focus();
    } finally {
        page.isSending = false;
        host.removeAttribute("aria-busy");
    }
}

async function xmlOf(payload) {
    const xml = await payload.data[0].get("xml_submission_file").text();
    const sent = new DOMParser().parseFromString(xml, "text/xml");
    return { xml, instanceId: sent.querySelector("meta > instanceID")?.textContent ?? "" };
}

function frame(host) {
    const place = host.ownerDocument.createElement("div");
    host.append(place);
    return place;
}

function errorBox(host) {
    const box = host.ownerDocument.createElement("p");
    box.className = "web-form-error";
    box.tabIndex = -1;
    box.hidden = true;
    box.setAttribute("role", "alert");
    host.append(box);
    return box;
}

function nonceOf(document) {
    return document.querySelector("script[nonce]")?.nonce ?? "";
}

/* The library writes <style> elements; the page's policy takes only those that carry its nonce. */
function giveStylesTheNonce(document, nonce) {
    if (!nonce || document.givesNonce) return;
    document.givesNonce = true;
    const make = document.createElement.bind(document);
    document.createElement = (name, ...rest) => {
        const element = make(name, ...rest);
        if (String(name).toLowerCase() === "style") element.nonce = nonce;
        return element;
    };
}

function ready(host) {
    return new Promise((resolve) => {
        const look = () => host.querySelector(".odk-form, .form-initialization-status.error") !== null;
        if (look()) return resolve();
        const watch = new MutationObserver(() => {
            if (!look()) return;
            watch.disconnect();
            resolve();
        });
        watch.observe(host, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
    });
}

/* The form's tree hangs on a component within; the library hands it out nowhere else. */
function rootOf(vnode) {
    const found = vnode?.component?.props?.form;
    if (found?.currentState) return found;
    const below = vnode?.component ? [vnode.component.subTree] : Array.isArray(vnode?.children) ? vnode.children : [];
    for (const each of below) {
        const root = each && typeof each === "object" ? rootOf(each) : null;
        if (root) return root;
    }
    return null;
}

function progressOf(root) {
    const counted = { answered: 0, asked: 0 };
    const waiting = root ? [root] : [];
    while (waiting.length) {
        const { nodeType, currentState } = waiting.pop();
        if (currentState.relevant === false) continue;
        if (currentState.children) {
            waiting.push(...currentState.children);
        } else if (!NOT_ANSWERED.has(nodeType) && !currentState.readonly) {
            counted.asked += 1;
            if (isAnswered(currentState)) counted.answered += 1;
        }
    }
    return counted;
}

function isAnswered({ instanceValue, value }) {
    const answer = instanceValue ?? value;
    return Array.isArray(answer) ? answer.length > 0 : answer !== null && answer !== undefined && answer !== "";
}

/* What the library says in English, said in the language of the page, now and whenever it says more. */
function sayInWords(host, words) {
    const counted = /^(\d+) questions? with errors?\.$/;
    const said = (text) => {
        if (NO_PICTURE.test(text)) return words["Picture missing"];
        const number = counted.exec(text)?.[1];
        return number ? words["questions with errors"]?.replace("%s", number) : words[text];
    };
    const say = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const text = node.data.trim();
            const other = text && said(text);
            if (other && other !== text) node.data = node.data.replace(text, () => other);
        } else if (node.nodeType === Node.ELEMENT_NODE) {
            const other = said(node.getAttribute("aria-label") ?? "");
            if (other) node.setAttribute("aria-label", other);
            if (node.tagName === "INPUT") nameField(node);
            else if (node.tagName === "IMG") sayOnce(node);
            else if (node.matches("[role=slider], [role=combobox]")) nameScale(node, words);
            else if (node.matches(".rank-buttons > button")) nameMove(node, words);
            node.childNodes.forEach(say);
        }
    };
    const watch = new MutationObserver((changes) => {
        changes.forEach((change) => {
            if (change.type === "childList") change.addedNodes.forEach(say);
            else if (change.type === "attributes") change.target.removeAttribute("aria-valuetext");
            else say(change.target);
        });
    });
    watch.observe(host.ownerDocument.body, { childList: true, subtree: true, characterData: true, attributeFilter: ["aria-valuenow"] });
    say(host);
    return watch;
}

/* A field for a number has no name that a screen reader finds: its question is. */
function nameField(field) {
    const question = field.closest(".question-container");
    if (!question || ["radio", "checkbox"].includes(field.type)) return;
    if (field.labels?.length || field.ariaLabel || field.getAttribute("aria-labelledby")) return;
    const label = question.querySelector("label, .control-text");
    if (label) field.setAttribute("aria-label", label.textContent.replace("*", "").trim());
}

/* A picture is named by the words beside it, which a screen reader would read twice. */
function sayOnce(picture) {
    const beside = picture.closest(".media-content")?.parentElement.textContent.trim();
    if (picture.alt && beside?.includes(picture.alt)) picture.alt = "";
}

/* A scale says that it has no answer before it is moved: a screen reader would read its lower end as one. */
function nameScale(control, words) {
    nameField(control);
    if (control.getAttribute("role") !== "slider" || control.hasAttribute("aria-valuenow")) return;
    control.setAttribute("aria-valuenow", control.getAttribute("aria-valuemin"));
    // Said after the change that is watched, which takes it away.
    setTimeout(() => control.setAttribute("aria-valuetext", words["No answer yet"] ?? "No answer yet"));
}

/* The arrows of a ranking say what they move, and where to. */
function nameMove(button, words) {
    const says = button.previousElementSibling ? "Move down" : "Move up";
    const moved = button.closest(".rank-buttons").parentElement.textContent.trim();
    button.setAttribute("aria-label", `${words[says] ?? says}: ${moved}`);
}

function nameDays(locale, language) {
    if (!locale || !language) return;
    const name = (date, style) => new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" }).format(date);
    const days = [...Array(7).keys()].map((day) => new Date(Date.UTC(2023, 0, 1 + day)));
    const months = [...Array(12).keys()].map((month) => new Date(Date.UTC(2023, month, 1)));
    locale.dayNames = days.map((day) => name(day, { weekday: "long" }));
    locale.dayNamesShort = days.map((day) => name(day, { weekday: "short" }));
    locale.dayNamesMin = days.map((day) => name(day, { weekday: "narrow" }));
    locale.monthNames = months.map((month) => name(month, { month: "long" }));
    locale.monthNamesShort = months.map((month) => name(month, { month: "short" }));
}
