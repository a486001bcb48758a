// A database of records in memory, with as much of `idb` as the phone's store asks of it.
const KEYS = { meta: "name", days: "user", queue: "id", drafts: "id", files: "id" };

export class Database {
    #stores = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));
    #turn = Promise.resolve();

    get = async (name, key) => structuredClone(this.#stores[name].get(key));
    put = async (name, value) => { this.#stores[name].set(value[KEYS[name]], structuredClone(value)); };
    delete = async (name, key) => { this.#stores[name].delete(key); };
    getAll = async (name) => structuredClone([...this.#stores[name].values()]);
    getAllFromIndex = async (name, index, key) => (await this.getAll(name)).filter((value) => value[index] === key);
    getAllKeysFromIndex = async (name, index, key) => (await this.getAllFromIndex(name, index, key)).map((value) => value[KEYS[name]]);

    // One transaction after the other: each begins when the one before is done.
    transaction(names) {
        const before = this.#turn;
        let over;
        this.#turn = new Promise((done) => { over = done; });
        const of = (name) => this.#storeOf(name, before);
        return {
            objectStore: of,
            store: of([names].flat()[0]),
            get done() {
                over();
                return before;
            },
        };
    }

    #storeOf(name, before) {
        const after = (method) => async (...given) => {
            await before;
            return this[method](name, ...given);
        };
        const index = (of) => ({
            getAll: (key) => after("getAllFromIndex")(of, key),
            getAllKeys: (key) => after("getAllKeysFromIndex")(of, key),
        });
        return { get: after("get"), put: after("put"), delete: after("delete"), index };
    }
}
