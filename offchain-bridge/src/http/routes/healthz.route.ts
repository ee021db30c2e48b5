import { Hono } from 'hono';

/** `GET /healthz` answers 200 `ok` while the process can handle requests. It asks nobody else. */
export function healthzRoute(): Hono {
  const route = new Hono();
  route.get('/healthz', (context) => context.text('ok'));
  return route;
}
