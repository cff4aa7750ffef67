// The program at work: links, actors, outbox, sources, faults. Told anew each second.

import { act, byId, element } from "./dom.js";

const WAY = ["poller", "writer", "fetcher", "publisher"];
const COUNTS = [
  ["seen", "links seen"],
  ["duplicates", "duplicates"],
  ["sent", "posts sent"],
  ["repeated", "sent twice"],
];
const STATES = ["pending", "sending", "uncertain", "held", "sent", "dropped", "dead"];
const before = new Map();

export function showPipeline({ actors, sources, queue, counts, faults }, chats) {
  byId("counts").replaceChildren(...COUNTS.map(([name, words]) => count(name, words, counts[name] ?? 0)));
  const way = WAY.map((name) => actors.find((one) => one.name === name)).filter(Boolean);
  byId("actors").replaceChildren(...way.map(actor));
  byId("helpers").replaceChildren(...actors.filter((one) => !WAY.includes(one.name)).map(helper));
  showQueue(queue);
  byId("sources").replaceChildren(...sources.map((one) => source(one, chats)));
  byId("faults").replaceChildren(...Object.entries(faults).map(([words, n]) => element("li", {}, `${n} × ${words}`)));
}

export function showTroubles(troubles, tell) {
  const buttons = troubles.map(({ name, words }) => {
    const made = element("button", { type: "button" }, words);
    made.addEventListener("click", async () => tell((await act("trouble", { name })) || `${words}: done`));
    return made;
  });
  byId("troubles").replaceChildren(...buttons);
}

/** Whether a number is another one than the last time; it is marked then. */
function grown(name, number) {
  const other = before.has(name) && before.get(name) !== number;
  before.set(name, number);
  return other ? "grown" : "";
}

const inWords = (number) => number.toLocaleString("en");

function count(name, words, number) {
  const className = [grown(`count ${name}`, number), name].join(" ");
  return element("li", { className }, element("b", {}, inWords(number)), element("span", {}, words));
}

function actor({ name, does, done, late }) {
  const className = [grown(`actor ${name}`, done), late ? "late" : ""].join(" ");
  const number = element("b", {}, done === null ? "–" : inWords(done));
  return element("li", { className, title: does }, element("span", { className: "name" }, name), number, element("span", {}, does));
}

function helper({ name, does, turned_s: age, late }) {
  const className = [grown(`helper ${name}`, age < 1.5 ? age : 0), late ? "late" : ""].join(" ");
  return element("li", { className, title: `${does}; its loop turned ${age} s ago` }, name);
}

function showQueue(queue) {
  const all = STATES.map((state) => [state, queue[state] ?? 0]);
  const parts = all.filter(([, number]) => number).map(([state, number]) => {
    const part = element("span", { className: state });
    part.style.flexGrow = number;
    return part;
  });
  byId("bar").replaceChildren(...parts);
  const words = all.map(([state, number]) => {
    const className = `${state} ${number ? "" : "none"}`;
    return element("li", { className }, element("b", {}, inWords(number)), ` ${state}`);
  });
  byId("queue").replaceChildren(...words);
}

function source(one, chats) {
  const next = one.state === "paused" ? "paused" : one.next_s < 1 ? "now" : `in ${Math.round(one.next_s)} s`;
  const where = chats.get(one.chat_id)?.title ?? one.chat_id;
  const about = one.trouble ? `cannot be read: ${one.trouble}` : `for ${where}`;
  return element(
    "li",
    { className: one.trouble ? "broken" : one.state, title: one.url },
    element("span", { className: "kind" }, one.kind),
    element("span", { className: "title" }, element("b", {}, one.title || new URL(one.url).pathname), element("span", {}, about)),
    element("span", { className: "next" }, element("span", {}, one.state === "active" ? "next check " : `${one.state} `), next),
  );
}
