// Everything that is shown goes through here: texts become text nodes, and addresses are checked.

/** An element with properties, data attributes (`data`), ARIA and other attributes (`attrs`), and children. */
export function element(name, { data = {}, attrs = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(attrs)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A link, or a plain span where the address is none that a browser should follow. */
export function link(address, ...children) {
  if (!/^https?:\/\//i.test(address)) return element("span", { className: "link" }, ...children);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A picture of this world; where it cannot be had, a word in its place. */
export function picture(address, className) {
  const image = element("img", { alt: "Picture", src: `picture?of=${encodeURIComponent(address)}` });
  const frame = element("div", { className: `picture ${className}` }, image);
  image.addEventListener("error", () => frame.replaceWith(element("p", { className: "lost" }, "(a picture)")));
  return frame;
}

/** Ask the server to do something; the reason as text where it cannot. */
export async function act(verb, wish) {
  return await asked(`do/${verb}`, "application/json", JSON.stringify(wish));
}

export async function sendFile(wish, file) {
  return await asked(`do/file?${new URLSearchParams(wish)}`, "application/octet-stream", file);
}

async function asked(address, kind, body) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": kind }, body });
    if (answer.ok) return "";
    const said = await answer.json().catch(() => ({}));
    return said.error ?? `that did not work (${answer.status})`;
  } catch {
    return "the demo does not answer; is it still running?";
  }
}
