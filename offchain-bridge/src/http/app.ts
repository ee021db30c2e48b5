import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { healthzRoute } from './routes/healthz.route.ts';

/** The bridge's HTTP face. What nobody handles is a 404, what nobody caught a 500 without detail. */
export function createApp(): Hono {
  const app = new Hono();
  app.use(secureHeaders());
  app.route('/', healthzRoute());
  app.notFound((context) => context.text('not found', 404));
  app.onError((_error, context) => context.text('internal error', 500));
  return app;
}
