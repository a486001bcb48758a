/*
 * A long questionnaire is drawn as it is read: the first questions at once, so that they can be answered, the others a few at
 * a time whenever the device has nothing better to do. Until then an empty place stands for each.
 *
 *     const drawing = drawGradually(app, { h, ref, nextTick });   before the app is mounted
 *     drawing.start();                                            once its first questions are there
 *     await drawing.whole;                                        when every question is: how many had to wait
 *
 * The questionnaire itself (answers, rules, what is sent) is whole from the beginning: only what is seen comes later. A question
 * that an answer calls for is drawn at once. A library that names its component otherwise draws everything at once.
 */

const QUESTION = "FormQuestion";
const AT_ONCE = 8;
// Of a pause of the device, in milliseconds: with less left, the next question waits for another one.
const LEAST = 4;

export function drawGradually(app, { h, ref, nextTick }) {
    const waiting = [];
    let seen = 0;
    let postponed = 0;
    let isBeginning = true;
    let settle;
    const whole = new Promise((resolve) => { settle = resolve; });
    app.mixin({
        beforeCreate() {
            const component = this.$;
            if (!isBeginning || component.type.__name !== QUESTION) return;
            seen += 1;
            if (seen <= AT_ONCE) return;
            postponed += 1;
            waiting.push(later(component, { h, ref }));
        },
    });

    async function drawSome(pause) {
        do {
            waiting.shift()?.();
            await nextTick();
        } while (waiting.length && pause.timeRemaining() > LEAST);
        if (waiting.length) whenIdle(drawSome);
        else settle(postponed);
    }

    return {
        start() {
            isBeginning = false;
            whenIdle(drawSome);
        },
        whole,
    };
}

/* Let a component draw an empty place; what is given back has it draw itself. */
function later(component, { h, ref }) {
    const isShown = ref(false);
    const draw = component.render;
    component.render = function drawOrWait(...given) {
        return isShown.value ? draw.apply(this, given) : h("div", { class: "question-to-come" });
    };
    return () => { isShown.value = true; };
}

function whenIdle(work) {
    if (globalThis.requestIdleCallback) requestIdleCallback(work, { timeout: 100 });
    else setTimeout(() => work({ timeRemaining: () => 0 }));
}
