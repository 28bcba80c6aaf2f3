/** What can be taken away: the series as CSV, and the figure as an SVG that needs nothing else. */

import { after, daysLater, isoDay, utc } from "./periods";
import type { Relation } from "./relation";

const COLUMNS = [
  "start", "end", "level_mean", "level_low", "level_high", "verbal_cooperation", "material_cooperation", "verbal_conflict",
  "material_conflict", "planned", "exposure", "cooperation_rate", "cooperation_low", "cooperation_high", "conflict_rate",
  "conflict_low", "conflict_high",
] as const; // prettier-ignore

/** The series as CSV with a header; names are those of the API, what is not known is empty. */
export function toCsv(relation: Relation): string {
  const rows = relation.series.map((p) => [
    p.start, daysLater(isoDay(after(utc(p.start), relation.step)), -1), p.level.mean, p.level.low, p.level.high, ...p.counts,
    p.planned, p.exposure, p.cooperation.rate, p.cooperation.low, p.cooperation.high, p.conflict.rate, p.conflict.low,
    p.conflict.high,
  ]); // prettier-ignore
  return [COLUMNS, ...rows].map((row) => row.map((value) => value ?? "").join(",")).join("\r\n") + "\r\n";
}

const escaped = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Parts of a figure below each other as one SVG, with a title and a line of notes; colours as they are shown now. */
export function toSvg(parts: SVGSVGElement[], { title, notes }: { title: string; notes: string[] }): string {
  const width = Math.max(...parts.map((part) => Number(part.getAttribute("width"))));
  const top = 34;
  let height = top;
  const writer = new XMLSerializer();
  const inner = parts.map((part) => {
    const copy = part.cloneNode(true) as SVGSVGElement;
    copy.setAttribute("y", String(height));
    copy.removeAttribute("class");
    height += Number(part.getAttribute("height"));
    return writer.serializeToString(copy);
  });
  const words = notes.map(
    (note, i) => `<text x="12" y="${height + 16 + i * 16}" font-size="11">${escaped(note)}</text>`,
  );
  height += 20 + notes.length * 16;
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif" color="var(--ink-2)" fill="currentColor"><title>${escaped(title)}</title>` +
    `<rect width="${width}" height="${height}" fill="var(--panel)"/>` +
    `<text x="12" y="22" font-size="15" font-weight="600" fill="var(--ink)">${escaped(title)}</text>` +
    `${inner.join("")}${words.join("")}</svg>\n`;
  const style = getComputedStyle(document.documentElement);
  return drawing.replace(
    /var\((--[\w-]+)\)/g,
    (_, name: string) => style.getPropertyValue(name).trim() || "currentColor",
  );
}

/** A name that every file system takes. */
export const fileName = (...words: string[]): string =>
  words
    .map((w) => w.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, ""))
    .join("-")
    .slice(0, 80);

/** Hand text to the reader as a file. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
