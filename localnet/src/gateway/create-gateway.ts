import type { Principal } from '@dfinity/principal';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ReplicaHost } from '../host/replica-host.ts';
import type { Fetchable } from '../http/serve.ts';
import { hostNameOf, resolveAddress, type Address } from './canister-address.ts';
import { failurePage, GatewayFailure } from './gateway-failure.ts';
import { GatewayNames } from './gateway-names.ts';
import { UndecodableReplyError, type GatewayRequest } from './http-interface.ts';
import { InvalidResponseError } from './http-response.ts';
import { allowAnyOrigin, isPreflight, preflightResponse } from './page-cors.ts';
import { toGatewayRequest } from './page-request.ts';
import { serveCanister } from './serve-canister.ts';

/** The largest ingress message of the IC, which a request has to fit into. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const UPDATE_TIMEOUT_MS = 60_000;

export interface GatewayOptions {
  readonly host: ReplicaHost;
  /** Answers `/api/v<n>/…`, whatever the host name. */
  readonly api: Hono;
  /** Tried before canister pages; for routes such as `/_/topology`. */
  readonly extraRoutes?: Hono;
  readonly names?: GatewayNames;
  /** What answers everything at these host names, which should be reserved in `names`. */
  readonly sites?: ReadonlyMap<string, Fetchable>;
  /** How long an update call behind a page may take. Default 60 s. */
  readonly updateTimeoutMs?: number;
}

/**
 * One port's worth of network: the IC's HTTP API and the pages of canisters at
 * `http://<canister id>.localhost:<port>/`, `…/?canisterId=<id>` and friendly names.
 */
export function createGateway(options: GatewayOptions): Hono {
  const names = options.names ?? new GatewayNames();
  const app = new Hono();
  app.use(async (c, next) => {
    const site = options.sites?.get(hostNameOf(hostOf(c)));
    if (site === undefined) return next();
    return site.fetch(c.req.raw, c.env as object);
  });
  app.all('/api/:version{v[0-9]+}/*', (c) => options.api.fetch(c.req.raw, c.env));
  if (options.extraRoutes !== undefined) app.route('/', options.extraRoutes);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => failurePage(bodyTooLarge()) }));
  app.all('*', async (c) => {
    if (isPreflight(c.req.raw)) return preflightResponse();
    const response = await answerPage(c, { ...options, names });
    allowAnyOrigin(response.headers);
    return response;
  });
  app.onError((error) => failurePage(internalFailure(error)));
  return app;
}

type PageOptions = GatewayOptions & { readonly names: GatewayNames };

async function answerPage(c: Context, options: PageOptions): Promise<Response> {
  let canisterId: Principal | undefined;
  try {
    const request = await toGatewayRequest(c.req.raw);
    const address = addressOf(c, request, options.names);
    canisterId = address.canisterId;
    const response = await serveCanister({
      host: options.host,
      ...address,
      request,
      updateTimeoutMs: options.updateTimeoutMs ?? UPDATE_TIMEOUT_MS,
    });
    response.headers.set('x-ic-canister-id', canisterId.toText());
    return response;
  } catch (error) {
    return failurePage(asFailure(error, canisterId));
  }
}

function addressOf(
  c: Context,
  request: GatewayRequest,
  names: GatewayNames,
): Extract<Address, { kind: 'canister' }> {
  const url = new URL(c.req.url);
  const address = resolveAddress(
    {
      host: hostOf(c),
      query: url.search,
      referer: c.req.header('referer'),
    },
    names,
  );
  switch (address.kind) {
    case 'canister':
      return address;
    case 'invalid-id':
      throw new GatewayFailure({
        status: 400,
        cause: 'canister_id_incorrect',
        message: 'The canisterId in the address is neither a canister id nor a known name.',
        advice: 'copy the id as the deployment printed it; it looks like aaaaa-aa.',
      });
    case 'none':
      throw notResolved(request, names);
  }
}

function hostOf(c: Context): string {
  return c.req.header('host') ?? new URL(c.req.url).host;
}

function notResolved(request: GatewayRequest, names: GatewayNames): GatewayFailure {
  const known = names.entries().map(([name, id]) => `  ${name}  ${id.toText()}`);
  return new GatewayFailure({
    status: 400,
    cause: 'canister_id_not_resolved',
    message:
      'This is a local Internet Computer. The address does not say which canister it is for.' +
      (known.length === 0 ? '' : `\n\nCanisters with a name:\n${known.join('\n')}`),
    advice:
      'open http://<canister id or name>.localhost:<port>/, or add ?canisterId=<id>. ' +
      (request.method === 'GET' ? 'Agents use the same port, at /api/.' : 'See also /api/.'),
  });
}

function asFailure(error: unknown, canisterId: Principal | undefined): GatewayFailure {
  if (error instanceof GatewayFailure) return error;
  const id = canisterId?.toText() ?? 'unknown';
  if (error instanceof UndecodableReplyError) {
    return new GatewayFailure({
      status: 502,
      cause: 'canister_undecodable_reply',
      message: `Canister ${id} answered in a form that is not HTTP: ${error.message}.`,
      advice: "compare the method's Candid type with the HTTP gateway protocol's HttpResponse.",
    });
  }
  if (error instanceof InvalidResponseError) {
    return new GatewayFailure({
      status: 502,
      cause: 'canister_invalid_response',
      message: `Canister ${id} gave an answer that HTTP cannot carry: ${error.message}.`,
      advice: 'correct the status or header in the canister.',
    });
  }
  return internalFailure(error);
}

function internalFailure(error: unknown): GatewayFailure {
  return new GatewayFailure({
    status: 500,
    cause: 'internal_server_error',
    message: `The gateway itself failed: ${error instanceof Error ? error.message : String(error)}`,
    advice: 'this is an error in localnet; please report it with the address you opened.',
  });
}

function bodyTooLarge(): GatewayFailure {
  return new GatewayFailure({
    status: 413,
    cause: 'client_body_too_large',
    message: `The request is larger than ${MAX_BODY_BYTES} bytes, the most a canister can be sent.`,
    advice: 'send less at once, for example in chunks.',
  });
}
