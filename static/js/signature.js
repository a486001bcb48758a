// Lets her sign with finger, pen or mouse. What is kept is the strokes, in units of the field (600 by 200), so that a form
// that comes back with an error still bears her signature. Without this script a photo of the signed paper is added.
const FAR_ENOUGH = 3;

for (const pad of document.querySelectorAll("[data-signature-pad]")) {
    const canvas = pad.querySelector("canvas");
    const field = pad.closest("form").querySelector("[data-signature]");
    const pen = canvas.getContext("2d");
    let strokes = read(field.value);
    let drawing = false;

    pad.hidden = false;
    draw();
    canvas.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        canvas.setPointerCapture(event.pointerId);
        drawing = true;
        strokes.push([at(event)]);
    });
    canvas.addEventListener("pointermove", (event) => {
        if (!drawing) return;
        const stroke = strokes.at(-1);
        const [x, y] = at(event);
        const [lastX, lastY] = stroke.at(-1);
        if (Math.hypot(x - lastX, y - lastY) < FAR_ENOUGH) return;
        stroke.push([x, y]);
        draw();
    });
    for (const end of ["pointerup", "pointercancel"]) {
        canvas.addEventListener(end, () => {
            drawing = false;
            keep();
        });
    }
    pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
        strokes = [];
        draw();
        keep();
    });

    function at(event) {
        const box = canvas.getBoundingClientRect();
        const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
        return [
            within(((event.clientX - box.left) / box.width) * canvas.width, canvas.width),
            within(((event.clientY - box.top) / box.height) * canvas.height, canvas.height),
        ];
    }

    function draw() {
        pen.clearRect(0, 0, canvas.width, canvas.height);
        pen.lineWidth = 3;
        pen.lineCap = "round";
        pen.lineJoin = "round";
        pen.strokeStyle = getComputedStyle(canvas).color;
        for (const stroke of strokes) {
            pen.beginPath();
            for (const [x, y] of stroke) pen.lineTo(x, y);
            pen.stroke();
        }
    }

    function keep() {
        field.value = strokes.length ? JSON.stringify(strokes) : "";
    }
}

function read(text) {
    try {
        return JSON.parse(text || "[]");
    } catch {
        return [];
    }
}
