// Lets a visit be dragged to another day of its row, or to another officer's row on its day; what then happens is asked on
// the page that moves it or says who goes, as without this.
let dragged = null;

for (const visit of document.querySelectorAll("[data-visit]")) {
    visit.addEventListener("dragstart", (event) => {
        dragged = visit;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", visit.href);
        mark(true);
    });
    visit.addEventListener("dragend", () => {
        mark(false);
        dragged = null;
    });
}

for (const day of document.querySelectorAll("[data-board-day]")) {
    day.addEventListener("dragover", (event) => {
        if (!takes(day)) return;
        event.preventDefault();
        day.classList.add("is-over");
    });
    day.addEventListener("dragleave", () => day.classList.remove("is-over"));
    day.addEventListener("drop", (event) => {
        if (!takes(day)) return;
        event.preventDefault();
        window.location.assign(day.dataset.boardOfficer ? officersPage(day) : dayPage(day));
    });
}

function takes(day) {
    if (dragged === null) return false;
    const isSameRow = day.closest("[data-board-row]") === dragged.closest("[data-board-row]");
    if (!("boardOfficer" in day.dataset)) return isSameRow;
    return day.dataset.boardOfficer !== "" && !isSameRow && day.dataset.boardDay === dragged.dataset.visit;
}

function dayPage(day) {
    return `${dragged.href}?dia=${day.dataset.boardDay}#id_to`;
}

function officersPage(day) {
    const from = dragged.closest("[data-board-day]").dataset.boardOfficer;
    return `${dragged.href}?con=${day.dataset.boardOfficer}&sin=${from}`;
}

function mark(isTarget) {
    for (const day of document.querySelectorAll("[data-board-day]")) {
        day.classList.toggle("is-target", isTarget && takes(day));
        if (!isTarget) day.classList.remove("is-over");
    }
}
