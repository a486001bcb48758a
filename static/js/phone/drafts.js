// Keeps up with what is typed: the first change is sealed at once, those made meanwhile right after it.

// `save(value)` resolves when the value lies safely on the phone. `pause` are the milliseconds between two savings.
export class Saver {
    #save;
    #wait;
    #pause;
    #next = null;
    #running = null;

    constructor(save, { pause = 100, wait = (ms) => new Promise((done) => setTimeout(done, ms)) } = {}) {
        this.#save = save;
        this.#wait = wait;
        this.#pause = pause;
    }

    note(value) {
        this.#next = { value };
        this.#running ??= this.#run();
    }

    // Resolves once all that was noted is saved; what could not be is tried again. Rejects if it cannot be.
    async settled() {
        while (this.#running || this.#next) await (this.#running ??= this.#run());
    }

    // Forget what is not saved yet: it goes on its way otherwise.
    async stop() {
        this.#next = null;
        await this.#running?.catch(() => {});
        this.#next = null;
    }

    async #run() {
        try {
            while (this.#next) {
                await this.#saveNext();
                if (this.#next) await this.#wait(this.#pause);
            }
        } finally {
            this.#running = null;
        }
    }

    async #saveNext() {
        const next = this.#next;
        this.#next = null;
        try {
            await this.#save(next.value);
        } catch (error) {
            this.#next ??= next;
            throw error;
        }
    }
}
