// Builds what the pages show. Text is only ever text.

export function el(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name === "on") for (const [event, heard] of Object.entries(value)) made.addEventListener(event, heard);
        else if (name === "text") made.textContent = value;
        else if (name === "class") made.className = value;
        else if (value === true) made.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
}

export function button(text, onClick, kind = "btn btn-outline-primary") {
    return el("button", { type: "button", class: kind, text, on: { click: onClick } });
}

// Does `work` once at a time: another tap meanwhile does nothing. `refused` hears that the phone could not keep it, as when
// its disk is full; whatever else goes wrong is an error of ours.
export function once(work, refused) {
    let isRunning = false;
    return async (event) => {
        event?.preventDefault();
        if (isRunning) return;
        isRunning = true;
        try {
            await work();
        } catch (error) {
            if (!(error instanceof DOMException)) throw error;
            refused();
        } finally {
            isRunning = false;
        }
    };
}

export function notice(kind, ...children) {
    return el("div", { class: `notice notice-${kind}` }, ...children);
}

export function fact(label, ...values) {
    const shown = values.filter((value) => value !== "" && value !== null && value !== undefined);
    return shown.length ? [el("dt", { text: label }), el("dd", {}, ...shown)] : [];
}

export function status(kind, text) {
    return el("span", { class: `status status-${kind}`, text });
}
