// Lets a visit be dragged to another day of its row; what then happens is asked on the page that moves it, as without this.
let dragged = null;

for (const visit of document.querySelectorAll("[data-visit]")) {
    visit.addEventListener("dragstart", (event) => {
        dragged = visit;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", visit.href);
        mark(visit, true);
    });
    visit.addEventListener("dragend", () => {
        mark(visit, false);
        dragged = null;
    });
}

for (const day of document.querySelectorAll("[data-board-day]")) {
    day.addEventListener("dragover", (event) => {
        if (!isSameRow(day)) return;
        event.preventDefault();
        day.classList.add("is-over");
    });
    day.addEventListener("dragleave", () => day.classList.remove("is-over"));
    day.addEventListener("drop", (event) => {
        if (!isSameRow(day)) return;
        event.preventDefault();
        window.location.assign(`${dragged.href}?dia=${day.dataset.boardDay}#id_to`);
    });
}

function isSameRow(day) {
    return dragged !== null && day.closest("[data-board-row]") === dragged.closest("[data-board-row]");
}

function mark(visit, isTarget) {
    for (const day of visit.closest("tr").querySelectorAll("[data-board-day]")) {
        day.classList.toggle("is-target", isTarget);
        if (!isTarget) day.classList.remove("is-over");
    }
}
