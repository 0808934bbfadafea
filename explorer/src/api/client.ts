/** One way to ask the API: with the key when there is one, and with its problems as errors. */

import { key } from './key';

const BASE = '/api/v1';

export type Parameters = Record<string, string | number | boolean | null | undefined>;

/** A request that the server refused, or that never reached it (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly nearest: string[] = [],
  ) {
    super(detail || title);
  }
}

export function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const asked = query.size ? `${path}?${query}` : path;
  return send<T>(asked, signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method: 'POST', ...(signal ? { signal } : {}) };
  if (body !== null) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  return send<T>(path, init);
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const given = key();
  const headers = new Headers(init.headers);
  if (given) headers.set('Authorization', `Bearer ${given}`);
  let answer: Response;
  try {
    answer = await fetch(BASE + path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'No answer', 'The server does not answer; is `kg serve` running?');
  }
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as T;
}

async function problemOf(answer: Response): Promise<Problem> {
  const told = (await answer.json().catch(() => null)) as {
    title?: string;
    detail?: string;
    nearest?: string[];
    faults?: { where: (string | number)[]; fault: string }[];
  } | null;
  const faults = (told?.faults ?? []).map((fault) => `${fault.where.join('.')}: ${fault.fault}`);
  const detail = [told?.detail ?? '', ...faults].filter(Boolean).join(' ');
  return new Problem(answer.status, told?.title ?? answer.statusText, detail, told?.nearest ?? []);
}
