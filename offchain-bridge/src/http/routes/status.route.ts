import { Hono } from 'hono';
import type { BridgeStatus } from '../status.ts';

/** GET /status: what the bridge is doing, as JSON. */
export function statusRoute(status: () => BridgeStatus): Hono {
  const app = new Hono();
  app.get('/status', (context) => context.json(status()));
  return app;
}
