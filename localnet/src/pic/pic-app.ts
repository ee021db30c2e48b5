import { Hono, type Context } from 'hono';
import { BlobStore } from './blob-store.ts';
import { GatewayRegistry } from './gateway-registry.ts';
import { IdleWatch } from './idle-watch.ts';
import { parseInstanceConfig } from './instance-config.ts';
import { InstanceRegistry } from './instance-registry.ts';
import { createInstanceRoutes } from './instance-routes.ts';
import { answerError, answerJson, readJson, readJsonBigints } from './json-answers.ts';
import { PicError } from './pic-error.ts';
import type { InstanceFactory, RunningInstance } from './running-instance.ts';
import { encodeTopology } from './topology.ts';

export interface PicApp {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends every gateway and instance. */
  close(): Promise<void>;
}

interface Parts {
  readonly instances: InstanceRegistry;
  readonly gateways: GatewayRegistry;
  readonly blobs: BlobStore;
  readonly createInstance: InstanceFactory;
}

/**
 * PocketIC's REST protocol over any number of instances. Every answer is final: nothing is ever
 * "started" or "busy", so there is no `/read_graph`.
 * Source: dfinity/ic rs/pocket_ic_server/src/state_api/routes.rs.
 */
export function createPicApp(createInstance: InstanceFactory, idle = new IdleWatch()): PicApp {
  const instances = new InstanceRegistry();
  const gateways = new GatewayRegistry(instances, idle);
  const parts = { instances, gateways, blobs: new BlobStore(), createInstance };
  const app = new Hono();
  app.onError(answerError);
  app.get('/status', () => new Response(null, { status: 200 }));
  app.post('/blobstore', async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    return context.text(parts.blobs.put(bytes, context.req.header('content-encoding')));
  });
  addInstanceCreation(app, parts);
  addGatewayRoutes(app, gateways);
  addInstanceForwarding(app, parts);
  return {
    fetch: idle.around(async (request) => app.fetch(request)),
    close: async () => {
      await gateways.stopAll();
      instances.deleteAll();
    },
  };
}

function addInstanceCreation(app: Hono, parts: Parts): void {
  app.get('/instances', () => answerJson(parts.instances.states()));
  app.post('/instances', async (context) => {
    try {
      return answerJson(await createInstance(parts, await readJsonBigints(context)), 201);
    } catch (error) {
      if (!(error instanceof PicError)) throw error;
      return answerJson({ Error: { message: error.message } }, 400);
    }
  });
  app.delete('/instances/:id', async (context) => {
    const id = numberIn(context, 'id');
    await parts.gateways.stopOf(id);
    parts.instances.delete(id);
    return answerJson(null);
  });
}

async function createInstance(parts: Parts, body: unknown): Promise<unknown> {
  const config = parseInstanceConfig(body);
  const instance = parts.createInstance(config);
  if (config.initialTime?.kind === 'auto-progress') {
    instance.pic.startProgress(config.initialTime.artificialDelayMs);
  }
  const id = parts.instances.add(instance);
  const gateway =
    config.gateway === undefined ? null : await parts.gateways.openFor(id, config.gateway);
  return {
    Created: {
      instance_id: id,
      topology: encodeTopology(instance.pic.plan),
      http_gateway_info: gateway,
    },
  };
}

function addGatewayRoutes(app: Hono, gateways: GatewayRegistry): void {
  app.get('/http_gateway', () => answerJson(gateways.list()));
  app.post('/http_gateway', async (context) => {
    try {
      return answerJson({ Created: await gateways.open(await readJson(context)) }, 201);
    } catch (error) {
      if (!(error instanceof PicError)) throw error;
      return answerJson({ Error: { message: error.message } }, 400);
    }
  });
  app.post('/http_gateway/:id/stop', async (context) => {
    await gateways.stop(numberIn(context, 'id'));
    return answerJson(null);
  });
}

function addInstanceForwarding(app: Hono, parts: Parts): void {
  const routesOf = new WeakMap<RunningInstance, Hono>();
  app.all('/instances/:id/*', async (context) => {
    const instance = parts.instances.get(numberIn(context, 'id'));
    const { pathname } = new URL(context.req.url);
    const path = pathname.slice(`/instances/${context.req.param('id')}`.length);
    const inner = await withPath(context.req.raw, path);
    if (path.startsWith('/api/')) return instance.api(inner);
    const routes = routesOf.get(instance) ?? newRoutes(instance, parts.blobs);
    routesOf.set(instance, routes);
    return routes.fetch(inner);
  });
}

function newRoutes(instance: RunningInstance, blobs: BlobStore): Hono {
  const routes = createInstanceRoutes(instance.pic, blobs);
  routes.onError(answerError);
  return routes;
}

async function withPath(request: Request, path: string): Promise<Request> {
  const url = new URL(request.url);
  url.pathname = path;
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: await request.arrayBuffer() });
}

function numberIn(context: Context, name: string): number {
  const text = context.req.param(name) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw new PicError(`Invalid ${name}: ${text}`);
  return Number(text);
}
