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

    // Resolves once all that was noted is saved. Rejects if it could not be.
    async settled() {
        while (this.#running) await this.#running;
    }

    // Forget what is not saved yet: it went on its way otherwise.
    async stop() {
        this.#next = null;
        await this.settled();
    }

    async #run() {
        try {
            while (this.#next) {
                const { value } = this.#next;
                this.#next = null;
                await this.#save(value);
                if (this.#next) await this.#wait(this.#pause);
            }
        } finally {
            this.#running = null;
        }
    }
}
