import { Principal } from '@dfinity/principal';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { encodeCbor } from '../crypto/cbor.ts';
import { parseUserKey } from '../crypto/parse-user-key.ts';
import type { ReplicaHost } from '../host/replica-host.ts';
import { CBOR_TYPE, cborAnswer, errorAnswer } from './answers.ts';
import type { ApiContext } from './api-context.ts';
import { handleCall, type CallMode } from './call-endpoint.ts';
import type { Certifier } from './certifier.ts';
import {
  assertEffectiveCanisterId,
  assertEffectiveSubnetId,
  assertOwnSubnet,
} from './effective-id.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';
import { HttpError } from './http-error.ts';
import { handleQuery } from './query-endpoint.ts';
import { handleReadState } from './read-state-endpoint.ts';
import type { ReadStateAccess } from './read-state-rules.ts';
import type { CallContent } from './request-content.ts';
import type { SubnetKeys } from './subnet-keys.ts';

/** Largest request body of any kind. Source: dfinity/ic rs/config, `max_request_size_bytes`. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** Source: dfinity/ic rs/limits, `MAX_INGRESS_BYTES_PER_MESSAGE_APP_SUBNET`. */
const DEFAULT_INGRESS_BYTES = 2 * 1024 * 1024;
/** Source: dfinity/ic rs/config, `ingress_message_certificate_timeout_seconds`. */
const DEFAULT_SYNC_CALL_TIMEOUT_MS = 10_000;

/** The interface specification this follows, as clients see it. */
const API_VERSION = '0.66.0';

export interface IcApiOptions {
  readonly host: ReplicaHost;
  readonly certifier: Certifier;
  readonly keys: SubnetKeys;
  readonly ingressBytes?: number;
  readonly syncCallTimeoutMs?: number;
}

type Door = ReadStateAccess['door'];
type Endpoint = (c: Context) => Response | Promise<Response>;

/**
 * The IC's HTTP API over one replica, as a Hono app: `app.request` needs no port, `serve` opens one.
 * Every bad request is answered with a 4xx and a text, or with the reject of the IC.
 *
 * Source: IC interface spec 0.66, "HTTPS Interface".
 */
export function createIcApi(options: IcApiOptions): Hono {
  const context: ApiContext = {
    host: options.host,
    certifier: options.certifier,
    keys: options.keys,
    parseKey: (der) => parseUserKey(der, options.keys.rootKeyDer),
    ingressBytes: options.ingressBytes ?? DEFAULT_INGRESS_BYTES,
    syncCallTimeoutMs: options.syncCallTimeoutMs ?? DEFAULT_SYNC_CALL_TIMEOUT_MS,
  };
  const app = new Hono();
  app.onError((error) => {
    if (error instanceof HttpError) return errorAnswer(error);
    throw error;
  });
  app.notFound(() => errorAnswer(new HttpError(404, 'Not Found')));
  app.use('/api/*', cors({ origin: '*', allowMethods: ['GET', 'POST'] }));
  app.use('/api/*', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody }));
  addStatus(app, context);
  for (const version of ['v2', 'v3', 'v4']) {
    const mode: CallMode = version === 'v2' ? 'asynchronous' : 'synchronous';
    addPost(app, `/api/${version}/canister/:id/call`, callEndpoint('canister', mode, context));
  }
  addPost(app, '/api/v4/subnet/:id/call', callEndpoint('subnet', 'synchronous', context));
  for (const version of ['v2', 'v3']) {
    addPost(app, `/api/${version}/canister/:id/query`, queryEndpoint('canister', context));
    for (const door of ['canister', 'subnet'] as const) {
      addPost(app, `/api/${version}/${door}/:id/read_state`, readStateEndpoint(door, context));
    }
  }
  addPost(app, '/api/v3/subnet/:id/query', queryEndpoint('subnet', context));
  return app;
}

function addStatus(app: Hono, { keys }: ApiContext): void {
  const status = encodeCbor({
    ic_api_version: API_VERSION,
    impl_version: 'localnet',
    replica_health_status: 'healthy',
    root_key: keys.rootKeyDer,
  });
  app.get('/api/v2/status', () => cborAnswer(status));
  app.all('/api/v2/status', () => methodNotAllowed('GET'));
}

function addPost(app: Hono, path: string, endpoint: Endpoint): void {
  app.post(path, endpoint);
  app.all(path, () => methodNotAllowed('POST'));
}

function callEndpoint(door: Door, mode: CallMode, context: ApiContext): Endpoint {
  return async (c) => {
    const { envelope, effectiveId, bodyBytes } = await readRequest(c);
    const content = expectKind(envelope, 'call');
    checkEffectiveId(content, { door, effectiveId }, context);
    return handleCall({ envelope, content, bodyBytes, mode }, context);
  };
}

function queryEndpoint(door: Door, context: ApiContext): Endpoint {
  return async (c) => {
    const { envelope, effectiveId } = await readRequest(c);
    const content = expectKind(envelope, 'query');
    checkEffectiveId(content, { door, effectiveId }, context);
    return handleQuery({ envelope, content }, context);
  };
}

function readStateEndpoint(door: Door, context: ApiContext): Endpoint {
  return async (c) => {
    const { envelope, effectiveId } = await readRequest(c);
    const { content } = envelope;
    if (content.kind !== 'read_state') throw wrongKind('read_state');
    if (door === 'subnet') assertOwnSubnet({ effective: effectiveId, own: context.keys.subnetId });
    return handleReadState({ envelope, content, door, effectiveId }, context);
  };
}

function checkEffectiveId(
  content: CallContent,
  at: { readonly door: Door; readonly effectiveId: Principal },
  context: ApiContext,
): void {
  if (at.door === 'canister') {
    assertEffectiveCanisterId(content, at.effectiveId);
    return;
  }
  assertEffectiveSubnetId(content, { effective: at.effectiveId, own: context.keys.subnetId });
}

interface IncomingRequest {
  readonly envelope: Envelope;
  readonly effectiveId: Principal;
  readonly bodyBytes: number;
}

async function readRequest(c: Context): Promise<IncomingRequest> {
  const effectiveId = parsePrincipal(c.req.param('id') ?? '');
  if (c.req.header('content-type')?.toLowerCase() !== CBOR_TYPE) {
    throw new HttpError(400, `Unexpected content-type, expected ${CBOR_TYPE}.`);
  }
  const body = new Uint8Array(await c.req.arrayBuffer());
  return { envelope: parseEnvelope(body), effectiveId, bodyBytes: body.length };
}

function parsePrincipal(text: string): Principal {
  try {
    return Principal.fromText(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, `Invalid URL: ${detail.slice(0, 200)}`);
  }
}

function expectKind(envelope: Envelope, kind: CallContent['kind']): CallContent {
  if (envelope.content.kind === kind) return envelope.content;
  throw wrongKind(kind);
}

function wrongKind(expected: string): HttpError {
  return new HttpError(400, `Malformed request: request_type is not \`${expected}\``);
}

function refuseBody(): Response {
  return errorAnswer(
    new HttpError(413, `The request body is larger than ${MAX_BODY_BYTES} bytes.`),
  );
}

function methodNotAllowed(allowed: string): Response {
  const answer = errorAnswer(new HttpError(405, 'Method Not Allowed'));
  answer.headers.set('allow', allowed);
  return answer;
}
