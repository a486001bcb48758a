/*
 * Somebody comes in: one tap puts a harmless sheet in the place of the questionnaire, which stays whole in memory; the
 * code of the sheet brings it back. The server is told at once, so that a page loaded anew shows the sheet as well.
 */
const button = document.querySelector("[data-cover]");
const sheet = document.querySelector("[data-cover-sheet]");
const main = document.getElementById("content");
const around = document.querySelectorAll(".site-nav, .site-footer");
const before = { title: document.title, address: location.href, nodes: [], form: null };

async function draftNow() {
    try {
        return (await before.form?.draft())?.xml ?? "";
    } catch {
        return "";
    }
}

async function cover() {
    before.form = document.querySelector("[data-web-form]")?.form ?? null;
    before.nodes = [...main.childNodes];
    main.replaceChildren(sheet.content.cloneNode(true));
    document.title = sheet.dataset.title;
    around.forEach((part) => { part.hidden = true; });
    history.replaceState(null, "", sheet.dataset.address);
    main.querySelector("[data-sheet-code]").addEventListener("submit", comeBack);
    scrollTo(0, 0);
    main.focus();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", sheet.dataset.csrf);
    body.set("draft", await draftNow());
    // Whatever becomes of it, the sheet stays; the code is asked of the server anyway.
    await fetch(sheet.dataset.cover, { method: "POST", body, redirect: "manual" }).catch(() => null);
}

async function comeBack(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const body = new FormData(form);
    form.reset();
    const said = form.querySelector("[role=status]");
    let answer = null;
    try {
        const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
        answer = await response.json();
    } catch {
        answer = null;
    }
    if (answer?.came_back) uncover();
    else if (answer?.next) location.replace(answer.next);
    else said.textContent = said.dataset.wrong;
}

function uncover() {
    main.replaceChildren(...before.nodes);
    document.title = before.title;
    around.forEach((part) => { part.hidden = false; });
    history.replaceState(null, "", before.address);
}

if (button && sheet) {
    button.addEventListener("click", (event) => {
        event.preventDefault();
        cover();
    });
}
