// Reads the names of documents, one a line, and prints what each parser of this language makes of each.
// For each document: a list of [link, id, title, date] for its entries, or null where it is refused.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

const require = createRequire(`${process.cwd()}/`);
const { parseFeed } = await import(require.resolve("feedsmith"));
const { parseFeed: rowan } = await import(require.resolve("@rowanmanning/feed-parser"));
const RssParser = require("rss-parser");
const FeedParser = require("feedparser");

const seconds = (value) => {
  const moment = value ? new Date(value).getTime() : NaN;
  return Number.isNaN(moment) ? null : Math.floor(moment / 1000);
};
const text = (value) => (typeof value === "string" ? value : (value?.value ?? value?._ ?? null));

const alternate = (links) => {
  const pages = (links ?? []).filter((link) => !link.rel || link.rel === "alternate");
  return pages[0]?.href ?? null;
};

const parsers = {
  feedsmith: async (body) => {
    const { format, feed } = parseFeed(body);
    if (format === "json") {
      return (feed.items ?? []).map((item) => [
        item.url ?? null, item.id, item.title, seconds(item.date_published ?? item.date_modified),
      ]);
    }
    if (format === "atom") {
      return (feed.entries ?? []).map((entry) => [
        alternate(entry.links), entry.id, text(entry.title), seconds(entry.published ?? entry.updated),
      ]);
    }
    return (feed.items ?? []).map((item) => [
      item.link ?? null, text(item.guid) ?? item.rdf?.about ?? null, text(item.title),
      seconds(item.pubDate ?? item.dc?.dates?.[0] ?? item.dc?.date),
    ]);
  },
  "rss-parser": async (body) => {
    const feed = await new RssParser().parseString(body);
    return feed.items.map((item) => [
      item.link ?? null, item.guid ?? item.id ?? null, text(item.title), seconds(item.isoDate ?? item.pubDate),
    ]);
  },
  "node-feedparser": (body) =>
    new Promise((resolve, reject) => {
      const parser = new FeedParser({ addmeta: false });
      const found = [];
      parser.on("error", reject);
      parser.on("readable", () => {
        for (let item = parser.read(); item; item = parser.read()) {
          found.push([item.link, item.guid, item.title, seconds(item.pubdate ?? item.date)]);
        }
      });
      parser.on("end", () => resolve(found));
      Readable.from([body]).pipe(parser);
    }),
  "@rowanmanning/feed-parser": async (body) =>
    rowan(body).items.map((item) => [item.url, item.id, item.title, seconds(item.published ?? item.updated)]),
};

// They take text: a document that is not UTF-8 is not theirs to read.
const decode = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

const answers = Object.fromEntries(Object.keys(parsers).map((name) => [name, {}]));
for (const name of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const body = decode(readFileSync(name));
  for (const [parser, read] of Object.entries(parsers)) {
    try {
      const found = body === null ? null : await read(body);
      answers[parser][name] = found?.map((entry) => entry.map((value) => value ?? null)) ?? null;
    } catch {
      answers[parser][name] = null;
    }
  }
}
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf-8")).version;
const packages = { "node-feedparser": "feedparser" };
const versions = Object.keys(parsers).map((name) => [name, version(packages[name] ?? name)]);
process.stdout.write(JSON.stringify({ versions: Object.fromEntries(versions), answers }));
