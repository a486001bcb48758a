/*
 * A page with one questionnaire: [data-web-form] names the form, the language, where answers go ("" to try it only), and
 * where they are kept before they are whole ("" for nowhere): each minute, and when the page goes out of sight.
 * It says of itself when it can be answered (data-ready) and when every question of it is drawn (data-whole: how many
 * had to wait).
 */
import { Saver } from "../phone/drafts.js";
import { fetchForm, filesAt, mountForm } from "./form.js";

const KEPT_EVERY_MS = 60_000;
const host = document.querySelector("[data-web-form]");
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "[]");
const { form, files, language, send, tried, failed, keep } = host.dataset;
const bar = document.querySelector("[data-web-form-progress]");
const saver = new Saver(keepDraft, { pause: KEPT_EVERY_MS });
let [isTouched, isOver] = [false, false];
// What was sent to be kept last, and how to call that off.
let [sent, underWay] = [null, null];

async function submit({ xml }) {
    if (!send) throw new Error(tried);
    const body = new FormData();
    body.set("xml_submission_file", new File([xml], "xml_submission_file", { type: "text/xml" }));
    let response;
    try {
        response = await fetch(send, { method: "POST", body, headers: { "X-CSRFToken": host.dataset.csrf } });
    } catch {
        throw new Error(failed);
    }
    const said = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(said.detail ?? failed);
    isOver = true;
    location.assign(said.next);
    // The next page is on its way; a second tap meanwhile must not send again.
    await new Promise(() => {});
}

function showProgress({ answered, asked }) {
    bar.max = asked || 1;
    bar.value = answered;
    bar.textContent = `${answered} / ${asked}`;
    if (keep && host.form) saver.note();
}

// The page holds the answers all the same: where there is no connection they are kept the next time. What is newer takes
// the place of what is under way, so that a page that goes out of sight has said the last of it.
async function keepDraft() {
    if (!keep || !isTouched || isOver || !host.form) return;
    const { xml } = await host.form.draft();
    if (xml === sent || isOver) return;
    underWay?.abort();
    [sent, underWay] = [xml, new AbortController()];
    let isKept = false;
    try {
        const body = new FormData();
        body.set("draft", xml);
        const headers = { "X-CSRFToken": host.dataset.csrf };
        isKept = (await fetch(keep, { method: "POST", body, headers, keepalive: true, signal: underWay.signal })).ok;
    } catch {
        isKept = false;
    }
    if (!isKept && sent === xml) sent = null;
}

for (const change of ["input", "change", "click"]) host.addEventListener(change, () => { isTouched = true; });
try {
    const xform = await fetchForm(form);
    const [prefill, earlier, words] = ["web-form-prefill", "web-form-earlier", "web-form-words"].map(read);
    const file = filesAt(read("web-form-files"), files);
    host.form = await mountForm(host, { xform, file, language, prefill, earlier, words, onSubmit: submit, onProgress: showProgress });
    host.dataset.ready = "";
    host.form.whole.then((postponed) => { host.dataset.whole = postponed; });
} catch {
    host.textContent = failed;
}
document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepDraft();
});
