/*
 * What was answered before, put back into a questionnaire before it is asked, and kept beside what is answered now: by its
 * place, a repeat as often as it was answered. Answers are elements with text alone; names count, not their namespaces.
 */

const JAVAROSA = "http://openrosa.org/javarosa";
const XFORMS = "http://www.w3.org/2002/xforms";
const NOT_ANSWERS = new Set(["meta", "instanceID", "instanceName", "deprecatedID"]);

/** Return the paths of a form's repeats. */
export function repeatsOf(form) {
    return new Set([...form.getElementsByTagNameNS(XFORMS, "repeat")].map((repeat) => repeat.getAttribute("nodeset").trim()));
}

/** Put the answers of a submission into a form's instance; where both say something, the submission counts. */
export function putBack(instance, said, repeats, path = `/${instance.localName}`) {
    for (const name of namesOf(said)) {
        const [given, place] = [childrenOf(said, name), `${path}/${name}`];
        const all = [...instance.children].filter((child) => child.localName === name);
        if (all.length === 0) continue;
        const places = repeats.has(place) ? asMany(all, given.length) : all.slice(0, 1);
        places.forEach((one, at) => putOne(one, given[at], repeats, place));
    }
}

/** Return a submission with the answers of `before` in it where their questions are not asked in it (yet). */
export function withEarlier(xml, before) {
    const now = new DOMParser().parseFromString(xml, "text/xml");
    complete(now.documentElement, before);
    return new XMLSerializer().serializeToString(now);
}

function putOne(place, given, repeats, path) {
    if (place.childElementCount) putBack(place, given, repeats, path);
    else if (given.childElementCount === 0 && isAnswered(given)) place.textContent = given.textContent;
}

/* A repeat of the form so often: made from its template, or from the first where there is none. */
function asMany(all, wanted) {
    const template = all.find(isTemplate);
    const places = all.filter((one) => !isTemplate(one));
    while (places.length > wanted) places.pop().remove();
    while (places.length < wanted) {
        const made = (template ?? all[0]).cloneNode(true);
        made.removeAttributeNS(JAVAROSA, "template");
        (places.at(-1) ?? template).after(made);
        places.push(made);
    }
    return places;
}

/* A question that is not asked is not in a submission: what is there counts as it is, blank too. */
function complete(group, before) {
    for (const name of namesOf(before)) {
        const [own, kept] = [childrenOf(group, name), childrenOf(before, name)];
        if (own.length === 0) kept.filter(isAnswered).forEach((one) => copyInto(group, one));
        else if (own.length === kept.length) own.forEach((one, at) => kept[at].childElementCount && complete(one, kept[at]));
    }
}

function copyInto(group, one) {
    const made = group.ownerDocument.createElementNS(group.namespaceURI, one.localName);
    group.append(made);
    if (one.childElementCount === 0) made.textContent = one.textContent;
    else for (const name of namesOf(one)) childrenOf(one, name).filter(isAnswered).forEach((below) => copyInto(made, below));
}

function namesOf(group) {
    return new Set([...group.children].map(({ localName }) => localName).filter((name) => !NOT_ANSWERS.has(name)));
}

function childrenOf(group, name) {
    return [...group.children].filter((child) => child.localName === name && !isTemplate(child));
}

function isTemplate(element) {
    return element.hasAttributeNS(JAVAROSA, "template");
}

function isAnswered(element) {
    return element.textContent.trim() !== "";
}
