// The site's other pages open while the phone is open: a cookie says so, no longer than the phone itself stays open out of
// sight. The server leads to the phone's door otherwise (phone/middleware.py).
const NAME = "abierto";
const FOR_S = 300;
const RENEWED_MS = 60_000;
let timer = null;

export function openPages() {
    const say = () => {
        if (document.visibilityState === "visible") document.cookie = `${NAME}=1; path=/; samesite=lax; max-age=${FOR_S}`;
    };
    clearInterval(timer);
    timer = setInterval(say, RENEWED_MS);
    say();
}

export function closePages() {
    clearInterval(timer);
    document.cookie = `${NAME}=; path=/; samesite=lax; max-age=0`;
}
