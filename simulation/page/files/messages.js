// One message: its bubble, and the buttons under it.

import { element, link, picture } from "./dom.js";
import { formatted } from "./entities.js";

/** The list item of a message. Buttons carry what they do in `data`; who shows the list listens for clicks. */
export function bubble(message, writable) {
  const parts = element("div", { className: "bubble" });
  if (message.forwarded) parts.append(element("p", { className: "about" }, `Forwarded from ${message.forwarded}`));
  if (message.reply) parts.append(element("p", { className: "quote" }, message.reply.text));
  if (message.picture) parts.append(picture(message.picture, "photo"));
  if (message.file) parts.append(element("p", { className: "file" }, `📄 ${message.file}`));
  if (message.text) {
    parts.append(element("div", { className: "text" }, ...formatted(message.text, message.entities)));
  }
  if (message.card) parts.append(card(message.card));
  parts.append(footer(message, writable));
  const item = element("li", { id: nameOf(message), className: message.mine ? "mine" : "theirs" }, parts);
  const rows = message.buttons.map((row) => element("div", { className: "row" }, ...row.map(button)));
  if (rows.length) item.append(element("div", { className: "buttons" }, ...rows));
  return item;
}

export const nameOf = ({ chat, id }) => `m${chat}_${id}`;

function footer(message, writable) {
  const at = new Date(message.at * 1000);
  const said = `${message.silent ? "🔕 " : ""}${message.edited ? "edited " : ""}`;
  const time = element("time", { dateTime: at.toISOString() }, at.toTimeString().slice(0, 5));
  const line = element("p", { className: "when" }, said, time);
  if (writable) {
    const words = `Answer to message ${message.id}`;
    line.prepend(
      element("button", { type: "button", className: "reply", data: { reply: message.id }, attrs: { "aria-label": words } }, "↩"),
    );
  }
  return line;
}

/** The preview of a link. */
function card({ url, site, title, about, picture: shown }) {
  const made = link(url, element("span", { className: "site" }, site), element("b", {}, title), element("span", {}, about));
  made.className = "card";
  if (shown) made.append(picture(shown, "preview"));
  return made;
}

function button(wish) {
  if (wish.url) {
    const made = link(wish.url, wish.text, element("span", { attrs: { "aria-hidden": "true" } }, " ↗"));
    made.classList.add("button");
    return made;
  }
  const does = "callback_data" in wish ? { press: wish.callback_data } : { copy: wish.copy_text?.text ?? "" };
  return element("button", { type: "button", className: "button", data: does }, wish.text);
}
