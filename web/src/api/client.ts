/** Questions to the server; every failure is a Problem with the server's own words. */

import type { Session } from "./shapes";

export const API = "/api/v1";

export type Asked = Record<string, string | number | boolean | string[] | null | undefined>;

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly current: string[] | null = null,
    readonly retryAfter_s: number | null = null,
  ) {
    super(detail);
  }
}

/** The address of a question, with empty values left out. */
export function address(path: string, asked: Asked | URLSearchParams = {}): string {
  const query = asked instanceof URLSearchParams ? asked : new URLSearchParams();
  if (!(asked instanceof URLSearchParams))
    for (const [name, value] of Object.entries(asked)) {
      if (Array.isArray(value)) value.forEach((v) => query.append(name, v));
      else if (value !== null && value !== undefined && value !== "" && value !== false)
        query.set(name, String(value));
    }
  const words = query.toString();
  return API + path + (words ? `?${words}` : "");
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, "unreachable", "The server does not answer. Is dragoman serve still running?");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  const after = Number(answer.headers.get("retry-after")) || null;
  throw new Problem(
    answer.status,
    told.code ?? "failed",
    told.detail ?? `The server answered ${answer.status}.`,
    told.current ?? null,
    after,
  );
}

/** Ask; a store that is being written is asked again twice before that counts as a failure. */
export async function get<T>(
  path: string,
  asked: Asked | URLSearchParams = {},
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return (await (await send(address(path, asked), { signal })).json()) as T;
    } catch (error) {
      const waits = error instanceof Problem && (error.status === 503 || error.status === 429) && tries < 2;
      if (!waits) throw error;
      await new Promise((done) => setTimeout(done, Math.min(4, error.retryAfter_s ?? 1) * 1000));
    }
  }
}

export async function getText(path: string, asked: Asked = {}, signal?: AbortSignal): Promise<string> {
  return (await send(address(path, asked), { signal })).text();
}

async function change<T>(
  method: "POST" | "DELETE",
  path: string,
  body: unknown,
  csrf: string | null,
): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (csrf) headers["X-CSRF-Token"] = csrf;
  const answer = await send(API + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return (await answer.json()) as T;
}

export const post = <T>(path: string, body: unknown, csrf: string | null): Promise<T> =>
  change("POST", path, body, csrf);
export const signOut = (csrf: string | null): Promise<Session> =>
  change("DELETE", "/session", undefined, csrf);
