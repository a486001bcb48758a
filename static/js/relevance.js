// Shows a question once the answers before it call for it. Without it all are shown, and the server keeps what is asked.
// In a form with data-relevance="withhold", an answer to a question that is hidden again is not sent.

function isAsked(form, rules) {
    return rules.split(";").every((group) => group.split(",").some((rule) => {
        const [name, value] = rule.split("=");
        const field = form.elements.namedItem(name);
        return field !== null && field.value === value;
    }));
}

function refresh(form) {
    for (const row of form.querySelectorAll("[data-asked-if]")) {
        row.hidden = !isAsked(form, row.dataset.askedIf);
        if (form.dataset.relevance === "withhold") {
            for (const field of row.querySelectorAll("input, select, textarea")) field.disabled = row.hidden;
        }
    }
    for (const section of form.querySelectorAll("fieldset.survey-section")) {
        section.hidden = [...section.querySelectorAll(".survey-row")].every((row) => row.hidden);
    }
}

for (const form of document.querySelectorAll("form[data-relevance]")) {
    form.addEventListener("change", () => refresh(form));
    refresh(form);
}
