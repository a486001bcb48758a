// The service worker, from the page's side.

// `isFree()` says whether nobody works on this page now; `send()` sends what waits and says whether all went.
export function startWorker(url, scope, { isFree, send }) {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const wasKept = workers.controller !== null;
    let isReloading = false;
    workers.addEventListener("controllerchange", () => {
        if (!wasKept || isReloading || !isFree()) return;
        isReloading = true;
        window.location.reload();
    });
    workers.addEventListener("message", async (event) => {
        if (event.data === "send") event.ports[0]?.postMessage(await send());
    });
    // A new version takes over where nobody works; otherwise when the application is opened next.
    const takeOver = (registration) => isFree() && registration.waiting?.postMessage("activate");
    workers.register(url, { scope, updateViaCache: "none" }).then((registration) => {
        takeOver(registration);
        registration.addEventListener("updatefound", () => {
            const coming = registration.installing;
            coming?.addEventListener("statechange", () => coming.state === "installed" && wasKept && takeOver(registration));
        });
    }, () => {});
}

// Have the worker fetch the page again, in the language that is chosen now. Says whether it did.
export async function refreshPage() {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (!registration?.active) return true;
    return new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => done(event.data);
        registration.active.postMessage("page", [port2]);
        setTimeout(() => done(false), 10_000);
    });
}
