// Hides the questions that an earlier answer makes irrelevant. Without it they are all shown and the server skips them.

function isSkipped(form, rule) {
    const [name, value] = rule.split("=");
    const chosen = form.elements.namedItem(name);
    return chosen !== null && chosen.value === value;
}

function refresh(form) {
    for (const row of form.querySelectorAll("[data-skipped-by]")) {
        row.hidden = isSkipped(form, row.dataset.skippedBy);
    }
}

for (const form of document.querySelectorAll("form[data-skips]")) {
    form.addEventListener("change", () => refresh(form));
    refresh(form);
}
