// Leaves at once for a harmless page and signs out, so that going back finds a closed door:
// by the button, or Shift three times within a second and a half.
import { sayLeft } from "./left.js";

const WITHIN_MS = 1500;
const TIMES = 3;

const button = document.querySelector("[data-quick-exit]");
const signOut = document.querySelector("[data-sign-out]");

function leave(event) {
    event?.preventDefault();
    document.body.hidden = true;
    document.title = "…";
    sayLeft();
    if (signOut) navigator.sendBeacon(signOut.action, new FormData(signOut));
    window.location.replace(button.href);
}

if (button) {
    let pressed = [];
    button.addEventListener("click", leave);
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Shift") {
            pressed = [];
            return;
        }
        if (event.repeat) return;
        const now = performance.now();
        pressed = [...pressed.filter((at) => now - at < WITHIN_MS), now];
        if (pressed.length >= TIMES) leave();
    });
}
