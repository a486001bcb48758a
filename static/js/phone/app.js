// The application of those who visit.
import { App } from "./application.js";
import { openDatabase } from "./database.js";
import { daysPage } from "./page_days.js";
import { logPage } from "./page_log.js";
import { leavePage, morePage } from "./page_more.js";
import { sheetPage } from "./page_sheet.js";
import { unsentPage } from "./page_unsent.js";
import { visitPage } from "./page_visit.js";
import { Phone } from "./phone.js";
import { PhoneStore } from "./store.js";

const pages = { days: daysPage, visit: visitPage, log: logPage, sheet: sheetPage, unsent: unsentPage, more: morePage, leave: leavePage };
const boot = JSON.parse(document.getElementById("boot").textContent);
const store = new PhoneStore(await openDatabase(() => window.location.reload()));
const app = new App(boot, store, { pages, Phone, admits: "may_log" });
app.listen();
await app.begin();
