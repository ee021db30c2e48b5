import { afterEach } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../src/clouds/cloud-clock.ts';
import {
  startHetznerCloud,
  type HetznerCloud,
  type HetznerCloudOptions,
} from '../../src/clouds/hetzner/start-hetzner-cloud.ts';

export const TOKEN = 'token-of-shop';
export const READ_TOKEN = 'reading-token-of-shop';
export const OTHER_TOKEN = 'token-of-other';
export const START_MS = Date.UTC(2026, 10, 23, 12);
const SECOND_MS = 1_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Call {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A cloud whose time stands still until told. */
export interface HetznerWorld {
  readonly cloud: HetznerCloud;
  readonly clock: ManualClock;
  /** Of what no customer sees. */
  readonly problems: string[];
  call(method: string, path: string, call?: Call): Promise<Answer>;
  get(path: string, token?: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  /** On the control paths. */
  sim(method: string, path: string, body?: unknown): Promise<Answer>;
  advance(seconds: number): void;
}

const open: HetznerWorld[] = [];

afterEach(async () => {
  const problems = open.flatMap((world) => world.problems);
  await Promise.all(open.splice(0).map(({ cloud }) => cloud.close()));
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

/** Ends with the test, which fails if the cloud had a problem it was not asked for. */
export async function hetznerWorld(
  options: Partial<HetznerCloudOptions> = {},
  clock = new ManualClock(START_MS),
): Promise<HetznerWorld> {
  const problems: string[] = [];
  const cloud = await startHetznerCloud({
    clock,
    projects: [
      { name: 'shop', tokens: [TOKEN], readOnlyTokens: [READ_TOKEN], firewalls: ['web'] },
      { name: 'other', tokens: [OTHER_TOKEN] },
    ],
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  const call = (method: string, path: string, given: Call = {}): Promise<Answer> =>
    request(cloud.endpoint + path, method, { token: TOKEN, ...given });
  const world = {
    cloud,
    clock,
    problems,
    call,
    get: (path: string, token = TOKEN) => call('GET', path, { token }),
    post: (path: string, body?: unknown) => call('POST', path, { body }),
    sim: (method: string, path: string, body?: unknown) =>
      request(`${cloud.url}/_sim${path}`, method, { body }),
    advance: (seconds: number) => clock.advance(seconds * SECOND_MS),
  };
  open.push(world);
  return world;
}

async function request(url: string, method: string, call: Call): Promise<Answer> {
  const { body, token } = call;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

export const actionSchema = z.object({
  id: z.int(),
  command: z.string(),
  status: z.string(),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

const address = z.object({ id: z.int(), ip: z.string() });

export const serverSchema = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  labels: z.record(z.string(), z.string()),
  public_net: z.object({ ipv4: address.nullable(), ipv6: address.nullable() }),
});

export const createdSchema = z.object({
  server: serverSchema,
  action: actionSchema,
  next_actions: z.array(actionSchema),
  root_password: z.string().nullable(),
});

export const begunSchema = z.object({ action: actionSchema });

/** What a list of servers or one server holds. */
export function serversIn({ body }: Answer): readonly z.infer<typeof serverSchema>[] {
  return z.object({ servers: z.array(serverSchema) }).parse(body).servers;
}

export function serverIn({ body }: Answer): z.infer<typeof serverSchema> {
  return z.object({ server: serverSchema }).parse(body).server;
}

/** A body that passes all checks. */
export function orderFor(name: string, more: Readonly<Record<string, unknown>> = {}): object {
  return { name, server_type: 'cx23', image: 'debian-13', location: 'nbg1', ...more };
}

/** Makes a server and fails unless it was made. */
export async function create(
  world: HetznerWorld,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<z.infer<typeof createdSchema>> {
  const { body } = await world.post('/servers', orderFor(name, more));
  return createdSchema.parse(body);
}

/** The error's code, or undefined if it is none. */
export function codeOf({ body }: Answer): string | undefined {
  return z.object({ error: z.object({ code: z.string() }) }).safeParse(body).data?.error.code;
}
