// The telephones' own queue, line and receipts against a real server, over a line that does what lines do. Nothing here is
// a model but the store, which is kept in memory: the modules are those that the application loads.
//
// `node bench_queue.mjs FILE`: FILE is JSON, { port, phones: [{ cookies, logs: [{ id, lane, visit, at }] }] }; each telephone
// is open in two tabs. Prints { logs, received, refused, conflicts, requests, fates, seconds }.
import { readFileSync } from "node:fs";
import net from "node:net";
import { contentOf } from "../static/js/offline/content.js";
import { LEASE_MS, Queue } from "../static/js/offline/queue.js";
import { Api } from "../static/js/phone/api.js";
import { makeLine } from "../static/js/phone/line.js";

const SENDS = "POST /api/v1/sync/visits ";
// What becomes of one request after the other: two in five bring the telephone no answer.
const FATES = ["lost", "whole", "twice", "cut", "whole", "again later", "halved", "whole", "only later", "twice"];
const OVERTAKEN_BY = 7;
const TABS = 2;
const MOST_STEPS = 20_000;

// --- The line: one request a connection, each with its fate -------------------------------------------------------------

class Line {
    fates = Object.fromEntries(FATES.map((fate) => [fate, 0]));
    requests = 0;
    #port;
    #late = [];
    #behind = [];
    #doors = [];

    constructor(port) {
        this.#port = port;
    }

    // Give the address by which one telephone reaches the server: its browser's cookies are added on the way.
    async doorOf(cookies) {
        const door = net.createServer((phone) => this.#meet(phone, cookies));
        await new Promise((ready) => door.listen(0, "127.0.0.1", ready));
        this.#doors.push(door);
        return `http://127.0.0.1:${door.address().port}`;
    }

    // What is still under way comes in at last, the newest first.
    async rest() {
        for (const { request } of this.#late.splice(0).reverse()) await this.#carry(request);
        await Promise.all(this.#behind);
        for (const door of this.#doors) door.close();
    }

    async #meet(phone, cookies) {
        phone.on("error", () => {});
        const request = await wholeRequest(phone, `Connection: close\r\nCookie: ${cookies}`);
        if (request === null) return;
        if (!request.toString("latin1", 0, SENDS.length).startsWith(SENDS)) phone.end(await this.#carry(request));
        else await this.#decide(phone, request);
    }

    async #decide(phone, request) {
        const fate = FATES[this.requests % FATES.length];
        this.requests += 1;
        this.fates[fate] += 1;
        if (fate === "again later" || fate === "only later") this.#late.push({ request, after: this.requests + OVERTAKEN_BY });
        this.#overtaken();
        if (fate === "only later") phone.destroy();
        else if (fate === "cut") this.#hangUpWithin(phone, request);
        else if (fate === "lost") {
            // The telephone is gone as soon as the server has all of it.
            phone.destroy();
            this.#behind.push(this.#carry(request));
        } else {
            if (fate === "twice") this.#behind.push(this.#carry(request));
            const answer = await this.#carry(request);
            if (fate === "halved") phone.write(answer.subarray(0, answer.length / 2), () => phone.destroy());
            else phone.end(answer);
        }
    }

    #hangUpWithin(phone, request) {
        const server = net.connect(this.#port, "127.0.0.1", () => server.write(request.subarray(0, request.length / 2), () => server.destroy()));
        server.on("error", () => {});
        phone.destroy();
    }

    #overtaken() {
        const due = this.#late.filter(({ after }) => after <= this.requests);
        this.#late = this.#late.filter(({ after }) => after > this.requests);
        this.#behind.push(...due.map(({ request }) => this.#carry(request)));
    }

    #carry(request) {
        return new Promise((done) => {
            const parts = [];
            const server = net.connect(this.#port, "127.0.0.1", () => server.write(request));
            server.on("data", (part) => parts.push(part));
            server.on("error", () => {});
            server.on("close", () => done(Buffer.concat(parts)));
        });
    }
}

// Give a request as it came, with these lines in its head; null when there is none.
function wholeRequest(phone, lines) {
    return new Promise((done) => {
        let data = Buffer.alloc(0);
        phone.on("close", () => done(null));
        phone.on("data", (part) => {
            data = Buffer.concat([data, part]);
            const end = data.indexOf("\r\n\r\n");
            if (end < 0) return;
            const head = data.toString("latin1", 0, end).replace(/\r\nconnection:[^\r]*/i, "");
            const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
            if (data.length < end + 4 + length) return;
            done(Buffer.concat([Buffer.from(`${head}\r\n${lines}\r\n\r\n`, "latin1"), data.subarray(end + 4)]));
        });
    });
}

// --- The telephones -----------------------------------------------------------------------------------------------------

// One store for all tabs of a telephone, each change at once and alone.
function storeOf(logs) {
    const records = new Map(logs.map((record) => [record.id, record]));
    return {
        states: () => [...records.values()].map(({ state }) => state),
        transact: async (change) =>
            change({
                records: [...records.values()],
                has: (id) => records.has(id),
                put: (record) => records.set(record.id, record),
                remove: (id) => records.delete(id),
            }),
    };
}

function recordOf({ id, lane, visit, at }, place) {
    const content = contentOf({ outcome: "met", occurred_at: at, in_private: "yes", new_incident: "no", note: "Todo tranquilo." });
    const waiting = { state: "queued", queuedAt: 0, attempts: 0, notBefore: 0, leaseUntil: 0 };
    return { ...waiting, id, lane, seq: place + 1, kind: "log", payload: { sealed: { visit, ...content } } };
}

// The telephone's clock runs on by up to half a minute with each step, so that waits end and leases run out under way.
async function emptied({ logs, cookies }, line) {
    const address = await line.doorOf(cookies);
    const store = storeOf(logs.map(recordOf));
    const time = { now: Date.now() };
    const clock = () => time.now;
    const urls = { session: `${address}/api/v1/phone/session`, logs: `${address}/api/v1/sync/visits` };
    const vault = { openOne: async (_kind, _id, sealed) => sealed };
    const waits = () => store.states().some((state) => state === "queued" || state === "sending");
    const tab = async (owner) => {
        const api = new Api(urls, async () => 1);
        const queue = new Queue({ store, line: makeLine({ api, vault, clock }), clock, random: Math.random, owner, newId: () => crypto.randomUUID() });
        await signedIn(api);
        for (let step = 0; waits() && step < MOST_STEPS; step += 1) {
            if ((await queue.step()) === "idle") await new Promise((done) => setTimeout(done, 5));
            time.now += Math.random() * (LEASE_MS / 2);
        }
    };
    await Promise.all(Array.from({ length: TABS }, (_, n) => tab(`tab ${n}`)));
    return store.states();
}

async function signedIn(api) {
    const session = await api.session();
    if (session.kind !== "ok" || !session.data.signed_in) throw new Error(`not signed in: ${session.kind}`);
}

async function main(file) {
    const { port, phones } = JSON.parse(readFileSync(file, "utf8"));
    const line = new Line(port);
    const began = performance.now();
    const states = (await Promise.all(phones.map((phone) => emptied(phone, line)))).flat();
    const seconds = (performance.now() - began) / 1000;
    await line.rest();
    const count = (state) => states.filter((other) => other === state).length;
    const told = { logs: states.length, received: count("received"), refused: count("refused"), conflicts: count("conflict") };
    console.log(JSON.stringify({ ...told, requests: line.requests, fates: line.fates, seconds }));
}

await main(process.argv[2]);
