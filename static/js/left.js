// Says with the next request that this page was left in a hurry: the server ends the session then, whoever asks. Saying it as
// the page goes may fail, without a signal above all.
const NAME = "salida";
const YEAR_S = 31_536_000;

export function sayLeft() {
    document.cookie = `${NAME}=1; path=/; samesite=lax; max-age=${YEAR_S}`;
}

// She is back, and her PIN has shown that it is she.
export function takeLeftBack() {
    document.cookie = `${NAME}=; path=/; samesite=lax; max-age=0`;
}
