import { Hono } from 'hono';
import type { ReadyCheck } from '../status.ts';

/** GET /readyz: 200 if every check is ok, else 503; the checks as JSON either way. */
export function readyzRoute(checks: () => readonly ReadyCheck[]): Hono {
  const app = new Hono();
  app.get('/readyz', (context) => {
    const all = checks();
    const isReady = all.every(({ isOk }) => isOk);
    return context.json({ isReady, checks: all }, isReady ? 200 : 503);
  });
  return app;
}
