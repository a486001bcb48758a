/*
 * A page with one questionnaire: [data-web-form] names the form, the language, where answers go ("" to try it only).
 * It says of itself when it can be answered (data-ready) and when every question of it is drawn (data-whole: how many
 * had to wait).
 */
import { fetchForm, mountForm } from "./form.js";

const host = document.querySelector("[data-web-form]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const { form, language, send, tried, failed } = host.dataset;
const bar = document.querySelector("[data-web-form-progress]");

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
    location.assign(said.next);
    // The next page is on its way; a second tap meanwhile must not send again.
    await new Promise(() => {});
}

function showProgress({ answered, asked }) {
    bar.max = asked || 1;
    bar.value = answered;
    bar.textContent = `${answered} / ${asked}`;
}

try {
    const xform = await fetchForm(form);
    const [prefill, words] = [read("web-form-prefill"), read("web-form-words")];
    host.form = await mountForm(host, { xform, language, prefill, words, onSubmit: submit, onProgress: showProgress });
    host.dataset.ready = "";
    host.form.whole.then((postponed) => { host.dataset.whole = postponed; });
} catch {
    host.textContent = failed;
}
