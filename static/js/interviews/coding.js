// Takes what is selected in a paragraph as the passage to code: by mouse, by touch, or by the keyboard, where the arrows
// move word by word and Shift selects. Without this script a whole paragraph is coded by its number.
const form = document.querySelector("[data-coding]");
const transcript = document.querySelector("[data-transcript]");

if (form && transcript) {
    const chosen = form.querySelector("[data-chosen]");
    const { paragraph: number, start, end } = form.elements;

    document.addEventListener("selectionchange", () => {
        const selection = document.getSelection();
        if (!selection.rangeCount) return;
        const range = selection.getRangeAt(0);
        const paragraph = paragraphOf(range.startContainer);
        if (!paragraph) return;
        if (selection.isCollapsed || paragraphOf(range.endContainer) !== paragraph) take(paragraph, "", "");
        else take(paragraph, offset(paragraph, range.startContainer, range.startOffset), offset(paragraph, range.endContainer, range.endOffset));
    });

    for (const paragraph of transcript.querySelectorAll("[data-paragraph]")) {
        paragraph.addEventListener("focus", () => {
            const selection = document.getSelection();
            if (selection.rangeCount && paragraph.contains(selection.anchorNode)) return;
            selection.collapse(paragraph, 0);
            take(paragraph, "", "");
        });
        paragraph.addEventListener("keydown", (event) => {
            const way = { ArrowRight: "forward", ArrowLeft: "backward" }[event.key];
            if (!way) return;
            event.preventDefault();
            document.getSelection().modify(event.shiftKey ? "extend" : "move", way, "word");
        });
    }
    number.addEventListener("change", () => {
        const paragraph = transcript.querySelector(`[data-paragraph="${Number(number.value)}"]`);
        if (paragraph) take(paragraph, "", "");
    });

    function take(paragraph, from, until) {
        number.value = paragraph.dataset.paragraph;
        start.value = from;
        end.value = until;
        const text = until === "" ? form.dataset.whole : Array.from(paragraph.textContent).slice(from, until).join("");
        if (chosen.textContent !== text) chosen.textContent = text;
    }
}

function paragraphOf(node) {
    return (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("[data-paragraph]") ?? null;
}

// Counts signs as the server does: one for each, however many units it takes here.
function offset(paragraph, node, at) {
    const range = document.createRange();
    range.setStart(paragraph, 0);
    range.setEnd(node, at);
    return Array.from(range.toString()).length;
}
