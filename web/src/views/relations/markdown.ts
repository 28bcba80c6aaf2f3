/**
 * The brief that the server writes, read from its Markdown: a title, sections of sentences that end in links, and sources.
 * Only this subset is known, and everything becomes text; nothing of it can become markup.
 */

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; target: string };
export interface Section {
  id: string;
  title: string;
  sentences: Piece[][];
}
export interface Source {
  n: string;
  /** The quotation, outlet and day. */
  text: string;
  url: string;
  event: string;
}
export interface BriefPage {
  title: string;
  lead: Piece[];
  sections: Section[];
  sources: Source[];
}

const ANCHOR = /^<a id="([\w-]+)"><\/a>/;
const LINK = /^\[([^\][]*)\]\(#([\w-]+)\)/;

/** Words and links of a line; "\*" is a "*". */
export function pieces(line: string): Piece[] {
  const out: Piece[] = [];
  let text = "";
  for (let i = 0; i < line.length;) {
    const link = line[i] === "[" ? LINK.exec(line.slice(i)) : null;
    if (link) {
      if (text) out.push({ kind: "text", text });
      text = "";
      out.push({ kind: "link", text: link[1]!, target: link[2]! });
      i += link[0].length;
    } else if (line[i] === "\\" && i + 1 < line.length) {
      text += line[i + 1];
      i += 2;
    } else text += line[i++];
  }
  if (text) out.push({ kind: "text", text });
  return out;
}

const plain = (line: string): string =>
  pieces(line)
    .map((piece) => piece.text)
    .join("");

function sourceOf(line: string): Source {
  const anchor = ANCHOR.exec(line);
  let rest = line.slice(anchor?.[0].length ?? 0);
  const event = / \(event ([^()\s]+)\)$/.exec(rest);
  if (event) rest = rest.slice(0, event.index);
  const url = / <(https?:\/\/[^<>\s]+)>$/.exec(rest); // signs of the article's own words are escaped
  if (url) rest = rest.slice(0, url.index);
  else rest = rest.replace(/ <[^<>\s]*>$/, "");
  return {
    n: anchor?.[1]?.replace(/^s/, "") ?? "",
    text: plain(rest)
      .replace(/^\d+\. /, "")
      .trim(),
    url: url?.[1] ?? "",
    event: event?.[1] ?? "",
  };
}

/** Read a brief. */
export function readBrief(markdown: string): BriefPage {
  const page: BriefPage = { title: "", lead: [], sections: [], sources: [] };
  for (const line of markdown.split("\n")) {
    if (line.startsWith("# ")) page.title = plain(line.slice(2));
    else if (line.startsWith("## ")) {
      const anchor = ANCHOR.exec(line.slice(3));
      const title = plain(line.slice(3 + (anchor?.[0].length ?? 0)));
      page.sections.push({ id: anchor?.[1] ?? "", title, sentences: [] });
    } else if (line.startsWith("- ")) {
      const section = page.sections.at(-1);
      if (section?.id === "sources") page.sources.push(sourceOf(line.slice(2)));
      else section?.sentences.push(pieces(line.slice(2)));
    } else if (line.trim() && !page.sections.length) page.lead.push(...pieces(line));
  }
  page.sections = page.sections.filter((section) => section.id !== "sources");
  return page;
}
