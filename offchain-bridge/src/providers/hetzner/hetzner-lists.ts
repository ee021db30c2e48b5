import type { z } from 'zod';
import type { Priority } from '../../core/rate-bucket.ts';
import type { ServerLabels } from '../../core/server-labels.ts';
import { WorkError } from '../../core/work-error.ts';
import type { CloudCatalogue } from '../../ports/cloud.port.ts';
import type { QueryParams } from './hetzner-api.http.ts';
import type { Call, HetznerCalls, Sending } from './hetzner-calls.ts';
import {
  imagesPage,
  locationsPage,
  pricingAnswer,
  readAnswer,
  serverAnswer,
  serversPage,
  typesPage,
  type ServerRow,
} from './hetzner.schema.ts';
import { catalogueOf } from './hetzner.mapper.ts';
import { HetznerError, isGone } from './hetzner-error.ts';

interface Page {
  readonly meta?:
    { readonly pagination: { readonly next_page?: number | null | undefined } } | undefined;
}

interface Question<P extends Page, Row> {
  readonly path: string;
  readonly params: QueryParams;
  readonly page: z.ZodType<P>;
  readonly rows: (page: P) => readonly Row[];
}

/** Hetzner's most. */
const PER_PAGE = 50;
const MAX_PAGES = 1_000;
const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const POLL: Sending = { priority: 'poll', purpose: { kind: 'read' } };

/** All pages of a list. */
export async function readAll<P extends Page, Row>(
  calls: HetznerCalls,
  call: Call,
  { path, params, page: schema, rows }: Question<P, Row>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let number = 1;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const query = { ...params, page: number, per_page: PER_PAGE };
    const body = await calls.send(call, POLL, (api, options) => api.get(path, query, options));
    const page = readAnswer(schema, body);
    const items = rows(page);
    found.push(...items);
    const isFull = items.length >= PER_PAGE;
    const unsaid = isFull ? number + 1 : undefined;
    const next = page.meta === undefined ? unsaid : (page.meta.pagination.next_page ?? undefined);
    if (next === undefined || next <= number) return found;
    number = next;
  }
  throw new HetznerError({ kind: 'unreadable', status: 200 }, `a list without end: ${path}`);
}

/** Every server with those labels; one that came on two pages because the list changed is there once. */
export async function readServers(
  calls: HetznerCalls,
  call: Call,
  labels: ServerLabels,
): Promise<readonly ServerRow[]> {
  const wanted = Object.entries(labels);
  const rows = await readAll(calls, call, {
    path: '/servers',
    params: { label_selector: selectorOf(wanted), sort: 'id:asc' },
    page: serversPage,
    rows: ({ servers }) => servers,
  });
  const ours = rows.filter((row) => wanted.every(([key, value]) => row.labels[key] === value));
  return [...new Map(ours.map((row) => [row.id, row])).values()];
}

/** Undefined if Hetzner says that there is none. */
export async function readServer(
  calls: HetznerCalls,
  call: Call,
  { id, priority }: { readonly id: number; readonly priority: Priority },
): Promise<ServerRow | undefined> {
  try {
    const sending: Sending = { priority, purpose: { kind: 'read' } };
    const path = `/servers/${id}`;
    const body = await calls.send(call, sending, (api, options) => api.get(path, {}, options));
    return readAnswer(serverAnswer, body).server;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Names are unique in a project. */
export async function readServerNamed(
  calls: HetznerCalls,
  call: Call,
  name: string,
): Promise<ServerRow | undefined> {
  const sending: Sending = { priority: 'create', purpose: { kind: 'read' } };
  const body = await calls.send(call, sending, (api, options) =>
    api.get('/servers', { name }, options),
  );
  return readAnswer(serversPage, body).servers.find((row) => row.name === name);
}

/** What the project can order: types with stock and price, locations, images of Hetzner's own. */
export async function readCatalogue(calls: HetznerCalls, call: Call): Promise<CloudCatalogue> {
  const types = await readAll(calls, call, {
    path: '/server_types',
    params: {},
    page: typesPage,
    rows: (page) => page.server_types,
  });
  const locations = await readAll(calls, call, {
    path: '/locations',
    params: {},
    page: locationsPage,
    rows: (page) => page.locations,
  });
  const images = await readAll(calls, call, {
    path: '/images',
    params: { type: 'system', architecture: ['x86', 'arm'], include_deprecated: 'true' },
    page: imagesPage,
    rows: (page) => page.images,
  });
  const body = await calls.send(call, POLL, (api, options) => api.get('/pricing', {}, options));
  const { currency } = readAnswer(pricingAnswer, body).pricing;
  return catalogueOf({ currency, locations, types, images });
}

/** Hetzner's language of labels has no quotes: a value with a comma would ask for something else. */
function selectorOf(labels: readonly (readonly [string, string])[]): string {
  const strange = labels.find(([, value]) => !LABEL_VALUE.test(value));
  if (strange !== undefined) {
    throw new WorkError(
      'config',
      `The label ${strange[0]} has a value that Hetzner does not take.`,
    );
  }
  return labels.map(([key, value]) => `${key}=${value}`).join(',');
}
