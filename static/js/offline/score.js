// The score of one form by a scale file, as risk/scoring.py reckons it: blank is not no.

const BY_HAND = "by_hand";
const SKIP = /^skip\s+([0-9a-z_]+(?:\s*,\s*[0-9a-z_]+)*)$/;
const RAISE = /^raise (?:one level|([2-9]) levels)$/;

export class AnswerUnknown extends Error {}
export class NothingToScore extends Error {}

// `answers` by item id, `overrides` by code; null or absent for blank. The level is "" while blanks leave open whether it
// is the lowest.
export function score(scale, answers, overrides) {
    if (scale.kind === BY_HAND) throw new NothingToScore();
    checkAnswers(answers, new Map(scale.items.map((item) => [item.id, [...itemScores(item).keys()]])));
    checkAnswers(overrides, new Map(scale.override.map((override) => [override.code, ["si", "no"]])));
    const skipped = skippedItems(scale, answers);
    const asked = scale.items.filter((item) => !skipped.includes(item.id));
    const missing = asked.filter((item) => !item.info && isOpen(answers, item.id)).map((item) => item.id);
    let total = asked.reduce((sum, item) => sum + (isOpen(answers, item.id) ? 0 : itemScores(item).get(answers[item.id])), 0);
    const prorated = Boolean(scale.prorating) && missing.length > 0 && missing.length <= scale.prorating.max_missing;
    if (prorated) total = prorate(scale, total, asked.filter((item) => !item.info).length, missing.length);
    const steps = scale.override.reduce((sum, override) => sum + (!isOpen(overrides, override.code) && overrides[override.code] === "si" ? stepsOf(override) : 0), 0);
    const rank = Math.min(tops(scale).filter((top) => total > top).length + steps, scale.levels.length - 1);
    const known = rank > 0 || prorated || missing.length === 0;
    return { score: total, level: known ? scale.levels[rank].code : "", complete: missing.length === 0, missing, skipped };
}

// The items that earlier answers make irrelevant, in the order asked; a skipped filter skips nothing.
export function skippedItems(scale, answers) {
    const skipped = new Set();
    for (const item of scale.items) {
        if (isOpen(answers, item.id) || skipped.has(item.id)) continue;
        const rule = Object.hasOwn(item.filter ?? {}, answers[item.id]) ? item.filter[answers[item.id]] : null;
        const found = rule ? SKIP.exec(rule) : null;
        for (const id of found ? found[1].split(/\s*,\s*/) : []) skipped.add(id);
    }
    return scale.items.filter((item) => skipped.has(item.id)).map((item) => item.id);
}

export function itemScores(item) {
    const points = item.answers?.length
        ? item.answers.map((option) => [option.code, option.score])
        : [["si", item.si ?? 0], ["no", item.no ?? 0]];
    return new Map(points.map(([code, value]) => [code, item.info ? 0 : value]));
}

function prorate(scale, total, asked, missing) {
    if (scale.prorating.table?.length) return scale.prorating.table[missing - 1][total];
    const answered = asked - missing;
    if (!answered) return 0;
    const [lowest, highest] = attainable(scale);
    return Math.max(lowest, Math.min(highest, Math.floor((2 * total * asked + answered) / (2 * answered))));
}

function attainable(scale) {
    const skippable = new Set(
        scale.items.flatMap((item) => Object.values(item.filter ?? {}).flatMap((rule) => SKIP.exec(rule)?.[1].split(/\s*,\s*/) ?? [])),
    );
    const ends = scale.items.map((item) => [...itemScores(item).values(), ...(skippable.has(item.id) ? [0] : [])]);
    const sum = (pick) => ends.reduce((all, end) => all + pick(...end), 0);
    return [sum(Math.min), sum(Math.max)];
}

function tops(scale) {
    return scale.levels.slice(0, -1).map((band) => band.max).filter((top) => top !== null && top !== undefined);
}

function stepsOf(override) {
    return Number(RAISE.exec(override.effect)?.[1] ?? 1);
}

// An item may be called as something that every object has.
function isOpen(answers, id) {
    return !Object.hasOwn(answers, id) || answers[id] === null || answers[id] === undefined;
}

function checkAnswers(answers, known) {
    for (const [key, answer] of Object.entries(answers)) {
        if (!known.has(key)) throw new AnswerUnknown(`the scale has no item or override ${key}`);
        if (answer !== null && answer !== undefined && !known.get(key).includes(answer)) {
            throw new AnswerUnknown(`${key} takes ${known.get(key).join(", ")} or nothing`);
        }
    }
}
