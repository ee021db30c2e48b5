import { Hono } from 'hono';
import type { PromMetrics } from '../../observe/prom-metrics.ts';

/** GET /metrics in the Prometheus text format. */
export function metricsRoute(metrics: Pick<PromMetrics, 'text' | 'contentType'>): Hono {
  const app = new Hono();
  app.get('/metrics', async (context) => {
    context.header('content-type', metrics.contentType);
    return context.body(await metrics.text());
  });
  return app;
}
