/** What was read, by outlet and period, as the server bins it; and what a cell says. */

import { here } from "../../router.svelte";
import { day, month, number, plural } from "../../words";

export interface Calendar {
  step: "day" | "week" | "month" | "year";
  starts: string[];
  columns: string[];
  outlets: { outlet: string; cells: number[][] }[];
}

export interface Cell {
  period: number;
  articles: number;
  days_read: number;
  /** Days on which its feeds gave something new, had nothing new, did not answer, were not asked. */
  days_ok: number;
  days_quiet: number;
  days_broken: number;
  days_gap: number;
  offered: number;
  coded: number;
  rejected: number;
}
export type CellState = "read" | "offered" | "quiet" | "broken" | "gap";

export interface Row {
  outlet: string;
  cells: Map<number, Cell>;
  articles: number;
  days_read: number;
  days_broken: number;
  days_gap: number;
  /** First day of the last period in which something was read. */
  last: string | null;
}

/** What a cell shows first: what was read, else why nothing was. */
export function stateOf(cell: Cell): CellState {
  if (cell.articles) return "read";
  const answered = cell.days_ok + cell.days_quiet;
  if (cell.days_broken > answered) return "broken";
  if (cell.days_ok) return "offered";
  if (answered) return "quiet";
  return cell.days_broken ? "broken" : "gap";
}

export const STATES: Record<CellState, string> = {
  read: "articles read",
  offered: "offered, none published then",
  quiet: "feed had nothing new",
  broken: "feed did not answer",
  gap: "feed not asked",
};

/** Days of a cell on which a feed was watched. */
export const watched = (cell: Cell): number =>
  cell.days_ok + cell.days_quiet + cell.days_broken + cell.days_gap;

/** One row per outlet with its sums, in the order that is asked for. */
export function rowsOf(calendar: Calendar, order: string): Row[] {
  const rows = calendar.outlets.map(({ outlet, cells }): Row => {
    const told = cells.map(
      (values) => Object.fromEntries(calendar.columns.map((name, i) => [name, values[i] ?? 0])) as unknown as Cell, // prettier-ignore
    );
    const sum = (name: keyof Cell) => told.reduce((all, cell) => all + cell[name], 0);
    const last = told.filter((cell) => cell.articles).at(-1);
    return {
      outlet,
      cells: new Map(told.map((cell) => [cell.period, cell])),
      articles: sum("articles"),
      days_read: sum("days_read"),
      days_broken: sum("days_broken"),
      days_gap: sum("days_gap"),
      last: last ? (calendar.starts[last.period] ?? null) : null,
    };
  });
  const by: Record<string, (a: Row, b: Row) => number> = {
    name: (a, b) => a.outlet.localeCompare(b.outlet),
    trouble: (a, b) => b.days_broken - a.days_broken || b.days_gap - a.days_gap,
    last: (a, b) => (b.last ?? "").localeCompare(a.last ?? ""),
    articles: (a, b) => b.articles - a.articles,
  };
  return rows.sort((a, b) => (by[order] ?? by.articles!)(a, b) || a.outlet.localeCompare(b.outlet));
}

/** A period in words. */
export function periodName(calendar: Calendar, period: number): string {
  const start = calendar.starts[period] ?? "";
  if (calendar.step === "year") return start.slice(0, 4);
  if (calendar.step === "month") return month(start);
  return calendar.step === "week" ? `week of ${day(start)}` : day(start);
}

/** First and last day of a period. */
export function daysOf(calendar: Calendar, period: number): { since: string; until: string } {
  const since = calendar.starts[period] ?? "";
  const at = new Date(`${since}T00:00Z`);
  if (calendar.step === "week") at.setUTCDate(at.getUTCDate() + 7);
  else if (calendar.step === "month") at.setUTCMonth(at.getUTCMonth() + 1);
  else if (calendar.step === "year") at.setUTCFullYear(at.getUTCFullYear() + 1);
  else at.setUTCDate(at.getUTCDate() + 1);
  return { since, until: new Date(at.getTime() - 86_400_000).toISOString().slice(0, 10) };
}

/** What a cell says, in words. */
export function told(cell: Cell | undefined, step: Calendar["step"]): string {
  if (!cell) return "nothing known: no article, and no feed was watched";
  const days = (n: number): string => (step === "day" ? "" : ` on ${plural(n, "day")}`);
  const parts = [
    cell.articles ? `${plural(cell.articles, "article")} read${days(cell.days_read)}` : "no article read",
    cell.offered ? `feeds offered ${number(cell.offered)}, ${number(cell.rejected)} rejected` : "",
    cell.days_quiet ? `nothing new${days(cell.days_quiet)}` : "",
    cell.days_broken ? `feed did not answer${days(cell.days_broken)}` : "",
    cell.days_gap ? `feed not asked${days(cell.days_gap)}` : "",
  ];
  return parts.filter(Boolean).join("; ");
}

/** Look closer at a period, or at what was read on a day. */
export function open(calendar: Calendar, row: Row, period: number): void {
  const days = daysOf(calendar, period);
  if (calendar.step !== "day") here.set(days, { replace: false });
  else here.go(`/?${new URLSearchParams({ outlet: row.outlet, ...days })}`);
}
