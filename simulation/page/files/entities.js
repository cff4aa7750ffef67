// Texts with their entities (https://core.telegram.org/bots/api#messageentity) as nodes. Offsets count UTF-16
// units, as strings do here.

import { element, link } from "./dom.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** The nodes of a text; entities lie within one another or apart. */
export function formatted(text, entities) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return between(text, 0, text.length, sorted);
}

function between(text, start, end, entities) {
  const nodes = [];
  let place = start;
  for (let at = 0; at < entities.length; at += 1) {
    const entity = entities[at];
    if (entity.offset < place) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = entities.slice(at + 1).filter((one) => one.offset < stop);
    nodes.push(text.slice(place, entity.offset));
    nodes.push(wrapped(entity, text.slice(entity.offset, stop), between(text, entity.offset, stop, inner)));
    place = stop;
  }
  nodes.push(text.slice(place, end));
  return nodes.filter((node) => node !== "");
}

function wrapped(entity, words, nodes) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, ...nodes);
    case "url":
      return link(words, ...nodes);
    case "spoiler":
      return spoiler(nodes);
    case "bot_command":
      return element("button", { type: "button", className: "command", data: { command: words } }, ...nodes);
    default:
      return element(TAGS[entity.type] ?? "span", { className: entity.type }, ...nodes);
  }
}

function spoiler(nodes) {
  const made = element("button", { type: "button", className: "spoiler", title: "Show what is hidden" }, ...nodes);
  made.addEventListener("click", () => made.classList.add("open"));
  return made;
}
