// The application of those who ask: the same door, store and queue as of those who visit, with pages of its own.
import { App } from "../phone/application.js";
import { openDatabase } from "../phone/database.js";
import { leavePage, morePage } from "../phone/page_more.js";
import { unsentPage } from "../phone/page_unsent.js";
import { PhoneStore } from "../phone/store.js";
import { Notebook } from "./notebook.js";
import { afterPage } from "./page_after.js";
import { askPage } from "./page_ask.js";
import { attemptPage } from "./page_attempt.js";
import { beforePage } from "./page_before.js";
import { casePage } from "./page_case.js";
import { casesPage } from "./page_cases.js";
import { correctionPage } from "./page_correction.js";

const pages = {
    days: casesPage, case: casePage, survey: beforePage, ask: askPage, attempt: attemptPage, debrief: afterPage,
    entry: correctionPage, unsent: unsentPage, more: morePage, leave: leavePage,
};
const boot = JSON.parse(document.getElementById("boot").textContent);
const store = new PhoneStore(await openDatabase(() => window.location.reload()), "last to ask");
const app = new App(boot, store, { pages, Phone: Notebook, admits: "may_ask" });
app.listen();
await app.begin();
