import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { PromMetrics } from '../observe/prom-metrics.ts';
import { healthzRoute } from './routes/healthz.route.ts';
import { metricsRoute } from './routes/metrics.route.ts';
import { readyzRoute } from './routes/readyz.route.ts';
import { statusRoute } from './routes/status.route.ts';
import type { BridgeStatus, ReadyCheck } from './status.ts';

/** What the pages show. */
export interface Shown {
  checks(): readonly ReadyCheck[];
  status(): BridgeStatus;
  readonly metrics: Pick<PromMetrics, 'text' | 'contentType'>;
}

/** The bridge's HTTP face. What nobody handles is a 404, what nobody caught a 500 without detail. */
export function createApp(shown: Shown): Hono {
  const app = new Hono();
  app.use(secureHeaders());
  app.route('/', healthzRoute());
  app.route(
    '/',
    readyzRoute(() => shown.checks()),
  );
  app.route(
    '/',
    statusRoute(() => shown.status()),
  );
  app.route('/', metricsRoute(shown.metrics));
  app.notFound((context) => context.text('not found', 404));
  app.onError((_error, context) => context.text('internal error', 500));
  return app;
}
