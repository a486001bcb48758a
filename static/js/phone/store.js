// What the phone keeps: ciphertext, random names and times. Everything belongs to one officer, by the server's opaque name
// of her account; another officer's never shows.

const SAFELY = { durability: "strict" };
const UNSENT = ["queued", "sending", "refused"];
const RECEIPTS_KEPT_MS = 7 * 24 * 3_600_000;

export class PhoneStore {
    #database;
    #last;

    // `last` is by what it remembers who came last: those who visit and those who ask have doors of their own.
    constructor(database, last = "last") {
        this.#database = database;
        this.#last = last;
    }

    async lastUser() {
        return (await this.#database.get("meta", this.#last))?.user ?? null;
    }

    rememberUser(user) {
        return this.#database.put("meta", { name: this.#last, user });
    }

    async account(user) {
        return (await this.#database.get("meta", `account ${user}`)) ?? null;
    }

    async isShared() {
        const names = await this.#database.getAllKeys("meta");
        return names.filter((name) => name.startsWith("account ")).length > 1;
    }

    // Change what is known of an account, alone among all tabs.
    async changeAccount(user, change) {
        const transaction = this.#database.transaction("meta", "readwrite", SAFELY);
        const known = (await transaction.store.get(`account ${user}`)) ?? { name: `account ${user}`, user };
        const changed = { ...known, ...change(known) };
        await written(transaction, transaction.store.put(changed));
        return changed;
    }

    async days(user) {
        return (await this.#database.get("days", user)) ?? null;
    }

    saveDays(user, days) {
        return this.#database.put("days", { ...days, user });
    }

    // The hashes of the files that are kept for an account.
    async fileHashes(user) {
        const ids = await this.#database.getAllKeysFromIndex("files", "user", user);
        return ids.map((id) => id.slice(user.length + 1));
    }

    async file(user, sha256) {
        return (await this.#database.get("files", `${user} ${sha256}`)) ?? null;
    }

    saveFile(user, sha256, sealed) {
        return this.#database.put("files", { id: `${user} ${sha256}`, user, sealed });
    }

    removeFile(user, sha256) {
        return this.#database.delete("files", `${user} ${sha256}`);
    }

    async record(id) {
        return (await this.#database.get("queue", id)) ?? null;
    }

    records(user) {
        return this.#database.getAllFromIndex("queue", "user", user);
    }

    // The store as `Queue` takes it. What only the server can open any more does not take part.
    queueOf(user) {
        return {
            transact: async (change) => {
                const transaction = this.#database.transaction("queue", "readwrite", SAFELY);
                const all = await transaction.store.index("user").getAll(user);
                const writes = [];
                const result = change({
                    records: all.filter((record) => !isLockedAway(record)),
                    has: (id) => all.some((record) => record.id === id),
                    put: (record) => { writes.push(transaction.store.put({ ...record, user })); },
                    remove: (id) => { writes.push(transaction.store.delete(id)); },
                });
                await written(transaction, ...writes);
                return result;
            },
        };
    }

    // A record or draft whose seal `tried` does not open here: from now on it is as what only the server can open, which
    // gives it back. Where it was sealed anew meanwhile, that stays.
    async lockAway(name, id, tried) {
        const transaction = this.#database.transaction(name, "readwrite", SAFELY);
        const one = await transaction.store.get(id);
        const sealed = (one?.payload ?? one)?.sealed;
        const locked = one?.payload ? { ...one, payload: { ...one.payload, sealed: null } } : { ...one, sealed: null };
        const isSame = sealed && String(sealed.iv) === String(tried.iv);
        await written(transaction, isSame && transaction.store.put(locked));
    }

    // What the server gave back of a record or draft, sealed anew; where another tab was first, that stays.
    async giveBack(name, id, change) {
        const transaction = this.#database.transaction(name, "readwrite", SAFELY);
        const one = await transaction.store.get(id);
        await written(transaction, one && isLockedAway(one) && transaction.store.put(change(one)));
    }

    drafts(user) {
        return this.#database.getAllFromIndex("drafts", "user", user);
    }

    draft(id) {
        return this.#database.get("drafts", id);
    }

    saveDraft(draft) {
        return this.put("drafts", draft);
    }

    removeDraft(id) {
        return this.#database.delete("drafts", id);
    }

    async put(name, value) {
        const transaction = this.#database.transaction(name, "readwrite", SAFELY);
        await written(transaction, transaction.store.put(value));
    }

    // How many records of other officers wait here.
    async othersWaiting(user) {
        const all = await this.#database.getAll("queue");
        return all.filter((record) => record.user !== user && UNSENT.includes(record.state)).length;
    }

    // How much lies here unsent, of whomever.
    async unsent() {
        const all = await this.#database.getAll("queue");
        return all.filter((record) => UNSENT.includes(record.state)).length + (await this.#database.count("drafts"));
    }

    // Take away everything of an account but what is unsent, and that only as the server can open it. What `told` says of
    // the account stands there at once: no moment lies between the two.
    async wipe(user, told = {}) {
        const transaction = this.#database.transaction(["meta", "days", "queue", "drafts", "files"], "readwrite", SAFELY);
        const store = (name) => transaction.objectStore(name);
        const known = await store("meta").get(`account ${user}`);
        if (known) store("meta").put({ name: known.name, user, device: known.device, ...told });
        store("days").delete(user);
        for (const id of await store("files").index("user").getAllKeys(user)) store("files").delete(id);
        for (const record of await store("queue").index("user").getAll(user)) {
            if (!UNSENT.includes(record.state)) store("queue").delete(record.id);
            else store("queue").put({ ...record, payload: { ...record.payload, sealed: null }, refusal: null });
        }
        for (const draft of await store("drafts").index("user").getAll(user)) {
            store("drafts").put({ ...draft, sealed: null });
        }
        await transaction.done;
    }

    async dropOldReceipts(user, now) {
        const transaction = this.#database.transaction("queue", "readwrite");
        for (const record of await transaction.store.index("user").getAll(user)) {
            if (["received", "conflict"].includes(record.state) && now - record.queuedAt > RECEIPTS_KEPT_MS) {
                transaction.store.delete(record.id);
            }
        }
        await transaction.done;
    }
}

// Resolves once all is written. What fails is heard of each write, not of the transaction alone.
function written(transaction, ...writes) {
    return Promise.all([...writes, transaction.done]);
}

// Of a record, or of a draft, which has no payload around its seals.
export function isLockedAway(one) {
    const held = "payload" in one ? one.payload : one;
    return held?.sealed === null;
}
