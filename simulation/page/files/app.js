// The page: which chat is open, what is said there, and the stream of what happens.

import { act, byId, element, sendFile } from "./dom.js";
import { bubble, nameOf } from "./messages.js";
import { showPipeline, showTroubles } from "./pipeline.js";

const chats = new Map();
const NEAR_END = 80;
let open = null;
let answered = 0;
let atEnd = true;

// Chats and messages

function showState(state) {
  chats.clear();
  for (const chat of state.chats) chats.set(chat.id, { ...chat, messages: new Map(), unread: 0 });
  for (const message of state.messages) chats.get(message.chat)?.messages.set(message.id, message);
  const busiest = state.chats.find((chat) => !chat.writable) ?? state.chats[0];
  showTroubles(state.troubles, toast);
  showHints(state.hints);
  openChat(chats.has(open) ? open : busiest.id);
  showPipeline(state.pipeline, chats);
}

function openChat(id) {
  open = id;
  const chat = chats.get(id);
  chat.unread = 0;
  byId("chat-title").textContent = chat.title;
  byId("chat-about").textContent = { private: "your chat with the bot", channel: "channel" }[chat.kind] ?? "group";
  byId("messages").replaceChildren(...[...chat.messages.values()].map((one) => bubble(one, chat.writable)));
  byId("say").hidden = !chat.writable;
  byId("read-only").hidden = chat.writable;
  setReply(0);
  showChats();
  toNewest();
}

function showChats() {
  const items = [...chats.values()].map((chat) => {
    const last = [...chat.messages.values()].at(-1);
    const words = element("span", { className: "last" }, (last?.text || last?.file || "nothing yet").split("\n")[0]);
    const button = element("button", { type: "button", data: { chat: chat.id } }, element("b", {}, chat.title), words);
    if (chat.id === open) button.setAttribute("aria-current", "true");
    if (chat.unread) {
      const badge = element("span", { className: "unread" }, String(chat.unread));
      badge.append(element("span", { className: "unseen" }, " new"));
      button.append(badge);
    }
    return element("li", { className: chat.kind }, button);
  });
  const focused = document.activeElement?.dataset?.chat;
  byId("chats").replaceChildren(...items);
  if (focused) byId("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
}

function showMessage(message) {
  const chat = chats.get(message.chat);
  if (!chat) return;
  const isNew = !chat.messages.has(message.id);
  chat.messages.set(message.id, message);
  if (message.chat === open) putBubble(message, chat.writable, isNew);
  else if (isNew) chat.unread += 1;
  showChats();
}

function putBubble(message, writable, isNew) {
  const list = byId("messages");
  const made = bubble(message, writable);
  const old = byId(nameOf(message));
  made.classList.add(isNew ? "new" : "changed");
  if (old) old.replaceWith(made);
  else list.append(made);
  if (atEnd || message.mine) toNewest();
  else byId("newest").hidden = false;
}

function dropMessage({ chat, id }) {
  chats.get(chat)?.messages.delete(id);
  byId(nameOf({ chat, id }))?.remove();
  showChats();
}

function toNewest() {
  const list = byId("messages");
  list.scrollTop = list.scrollHeight;
  atEnd = true;
  byId("newest").hidden = true;
}

// What the owner does

async function say(text) {
  const problem = await act("say", { chat: open, text, reply_to: answered });
  if (problem) return toast(problem);
  byId("text").value = "";
  setReply(0);
}

function setReply(id) {
  answered = id;
  byId("replying").hidden = !id;
  byId("replying-to").textContent = chats.get(open)?.messages.get(id)?.text.slice(0, 80) ?? "";
  if (id) byId("text").focus();
}

function showHints(hints) {
  byId("hints").replaceChildren(
    ...hints.map((text) => element("button", { type: "button", data: { command: text }, title: text }, shortened(text))),
  );
}

/** A text without the host of its address: that is the same everywhere in this world. */
const shortened = (text) => text.replace(/https?:\/\/[^/]+/, "…");

async function pressed(button, message) {
  button.classList.add("waits");
  const problem = await act("press", { chat: open, id: message, data: button.dataset.press });
  if (problem) {
    button.classList.remove("waits");
    toast(problem);
  }
}

function clicked(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const { press, copy, command, reply, chat } = button.dataset;
  const [, id] = (button.closest("li[id]")?.id ?? "").split("_");
  if (press !== undefined) pressed(button, Number(id));
  else if (copy !== undefined) navigator.clipboard?.writeText(copy).then(() => toast("copied"));
  else if (chat !== undefined) openChat(Number(chat));
  else if (reply !== undefined) setReply(Number(reply));
  else if (command !== undefined && !byId("say").hidden) {
    byId("text").value = command;
    byId("text").focus();
  }
}

let toastTimer = 0;
function toast(words) {
  const box = byId("toast");
  box.textContent = words;
  box.hidden = !words;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), 5000);
}

// What happens

function listen() {
  const source = new EventSource("events");
  const on = (kind, show) => source.addEventListener(kind, (event) => show(JSON.parse(event.data)));
  const connection = (state, words) => {
    byId("connection").dataset.state = state;
    byId("connection").textContent = words;
  };
  source.addEventListener("open", () => connection("live", "live"));
  source.addEventListener("error", () => connection("lost", "connection lost; trying again"));
  on("state", showState);
  on("message", showMessage);
  on("gone", dropMessage);
  on("pipeline", (state) => showPipeline(state, chats));
  on("answer", ({ text }) => {
    document.querySelectorAll(".waits").forEach((button) => button.classList.remove("waits"));
    toast(text);
  });
}

function setUp() {
  byId("say").addEventListener("submit", (event) => {
    event.preventDefault();
    if (byId("text").value.trim()) say(byId("text").value);
  });
  byId("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId("say").requestSubmit();
    }
  });
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (file) toast(await sendFile({ chat: open, name: file.name }, file));
    target.value = "";
  });
  byId("no-reply").addEventListener("click", () => setReply(0));
  byId("newest").addEventListener("click", toNewest);
  byId("messages").addEventListener("scroll", ({ target }) => {
    atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_END;
    if (atEnd) byId("newest").hidden = true;
  });
  new ResizeObserver(() => atEnd && toNewest()).observe(byId("messages"));
  for (const place of ["messages", "chats", "hints"]) byId(place).addEventListener("click", clicked);
  document.querySelectorAll(".views button").forEach((button) =>
    button.addEventListener("click", () => {
      document.body.dataset.view = button.dataset.view;
      document.querySelectorAll(".views button").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    }),
  );
  byId("theme").addEventListener("click", () => {
    const { dataset } = document.documentElement;
    const given = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    dataset.theme = (dataset.theme ?? given) === "dark" ? "light" : "dark";
  });
}

setUp();
listen();
