// The phone's database and how each version becomes the next. Unsent logs and drafts go through every step.
import { openDB } from "../../vendor/idb/index.js";

export const NAME = "agenda";

// One step for each version: the database before it, and the transaction in which it happens.
const STEPS = [
    (database) => {
        database.createObjectStore("meta", { keyPath: "name" });
        database.createObjectStore("days", { keyPath: "user" });
        database.createObjectStore("queue", { keyPath: "id" });
        database.createObjectStore("drafts", { keyPath: "id" });
    },
    // Several officers on one phone are told apart by an index; a record says what it is, since sheets wait here too.
    async (_database, transaction) => {
        for (const name of ["queue", "drafts"]) {
            const store = transaction.objectStore(name);
            store.createIndex("user", "user");
            for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
                if (!cursor.value.kind) await cursor.update({ ...cursor.value, kind: "log" });
            }
        }
    },
    // The files of an interviewer's questionnaires, each by its hash.
    (database) => {
        database.createObjectStore("files", { keyPath: "id" }).createIndex("user", "user");
    },
];
export const VERSION = STEPS.length;

// `onNewer` is called when another tab needs a newer version than this page knows.
export function openDatabase(onNewer) {
    return openDB(NAME, VERSION, {
        async upgrade(database, from, to, transaction) {
            for (const step of STEPS.slice(from, to)) await step(database, transaction);
        },
        blocking(_from, _to, event) {
            event.target.close();
            onNewer();
        },
    });
}
