import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import type { Pauses } from '../../cloud-clock.ts';
import { withUnknownValues } from '../faults/unknown-values.ts';
import { actionEndpoints } from './actions.route.ts';
import {
  answerRequest,
  unknownRoute,
  type ApiParts,
  type Headers,
  type Incoming,
  type Outgoing,
} from './answer-request.ts';
import { catalogueEndpoints } from './catalogue.route.ts';
import type { ApiAnswer, Endpoint } from './endpoint.ts';
import { networkingEndpoints } from './networking.route.ts';
import type { RequestCounts } from './request-counts.ts';
import { serverActionEndpoints } from './server-actions.route.ts';
import { serverEndpoints } from './servers.route.ts';
import { sshKeyEndpoints } from './ssh-keys.route.ts';

export const API_PATH = '/v1';

/** What the wire needs besides the endpoints. */
export interface WireParts extends ApiParts {
  readonly counts: RequestCounts;
  readonly pauses: Pauses;
}

type App = Hono<{ Bindings: HttpBindings }>;
type RequestContext = Context<{ Bindings: HttpBindings }>;

/** The cloud's API as an HTTP application. */
export function createApiApp(parts: WireParts): App {
  const app: App = new Hono();
  const endpoints = [
    ...catalogueEndpoints(parts),
    ...serverEndpoints(parts),
    ...serverActionEndpoints(parts),
    ...actionEndpoints(parts),
    ...sshKeyEndpoints(parts),
    ...networkingEndpoints(parts),
  ];
  for (const endpoint of endpoints) {
    app.on(endpoint.method, API_PATH + endpoint.path, (c) => exchange(parts, endpoint, c));
  }
  app.notFound((c) => {
    const token = tokenOf(c);
    const project = parts.access.get(token ?? '')?.project.name;
    parts.counts.add({ project, token, endpoint: '*', status: 404 });
    return respond(unknownRoute(), {});
  });
  return app;
}

/** One request and its answer, with all that can happen to them on the way. */
async function exchange(
  parts: WireParts,
  endpoint: Endpoint,
  c: RequestContext,
): Promise<Response> {
  const incoming = await read(parts, endpoint, c);
  const { takeFault, token, access } = incoming;
  const count = (status: number): void =>
    parts.counts.add({
      project: access?.project.name,
      token,
      endpoint: `${endpoint.method} ${endpoint.path}`,
      status,
    });
  const lost = (): Response => {
    count(0);
    c.env.incoming.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  };
  const slow = takeFault('slow');
  if (slow !== undefined) await parts.pauses.for(slow.delayMs);
  if (takeFault('lost-request') !== undefined) return lost();
  const outgoing = answerRequest(parts, incoming);
  const late = takeFault('slow-response');
  if (late !== undefined) await parts.pauses.for(late.delayMs);
  if (isSuccess(outgoing) && takeFault('lost-response') !== undefined) return lost();
  const response = toResponse(outgoing, incoming);
  count(response.status);
  return response;
}

async function read(
  { access, faults }: WireParts,
  endpoint: Endpoint,
  c: RequestContext,
): Promise<Incoming> {
  const token = tokenOf(c);
  const whose = access.get(token ?? '');
  const { pathname, searchParams } = new URL(c.req.url);
  const takeFault = faults.takerFor({
    method: endpoint.method,
    path: pathname.slice(API_PATH.length),
    project: whose?.project.name,
    token,
  });
  return {
    endpoint,
    token,
    access: whose,
    params: c.req.param(),
    query: searchParams,
    bodyText: await c.req.text(),
    takeFault,
  };
}

function tokenOf(c: RequestContext): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function isSuccess(outgoing: Outgoing): boolean {
  return outgoing.kind === 'json' && outgoing.answer.status < 400;
}

function toResponse(outgoing: Outgoing, { takeFault }: Incoming): Response {
  if (outgoing.kind === 'page') {
    const page = `<html><head><title>${outgoing.status}</title></head><body>nginx</body></html>`;
    return new Response(page, {
      status: outgoing.status,
      headers: { 'content-type': 'text/html' },
    });
  }
  const { answer, headers } = outgoing;
  const unknown = isSuccess(outgoing) ? takeFault('unknown-values') : undefined;
  if (unknown === undefined) return respond(answer, headers);
  return respond({ ...answer, body: withUnknownValues(answer.body, unknown.fields) }, headers);
}

function respond({ status, body }: ApiAnswer, headers: Headers): Response {
  const all = { ...headers, 'X-Correlation-Id': randomUUID().replaceAll('-', '') };
  if (body === undefined) return new Response(null, { status, headers: all });
  return Response.json(body, { status, headers: all });
}
