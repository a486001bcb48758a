// Seals and opens what an officer wrote: under the store's key for her, and to the server in case her PIN is lost.
import { open, openBytes, seal, sealBytes, sealToServer } from "../offline/seal.js";

export class Vault {
    #key;

    constructor({ user, device, sealingKey, key }) {
        this.user = user;
        this.device = device;
        this.sealingKey = sealingKey;
        this.#key = key;
    }

    // Both seals of a value of a kind ("log", "sheet", "draft"). In a parcel it stands as a supervisor's file has it.
    async sealBoth(kind, id, value) {
        const inner = kind === "draft" ? value : { ...value, id };
        const context = this.#context(kind, id);
        return {
            sealed: await seal(this.#key, value, context),
            parcel: await sealToServer(this.sealingKey, { device: this.device, [kind]: inner }, context),
        };
    }

    openOne(kind, id, sealed) {
        return open(this.#key, sealed, this.#context(kind, id));
    }

    sealDays(days) {
        return seal(this.#key, days, `days ${this.user}`);
    }

    openDays(sealed) {
        return open(this.#key, sealed, `days ${this.user}`);
    }

    // A file of a questionnaire, by the hash of what it holds.
    sealFile(sha256, bytes) {
        return sealBytes(this.#key, bytes, `file ${sha256} ${this.user}`);
    }

    openFile(sha256, sealed) {
        return openBytes(this.#key, sealed, `file ${sha256} ${this.user}`);
    }

    #context(kind, id) {
        return `${kind} ${id} ${this.user} ${this.device}`;
    }
}
