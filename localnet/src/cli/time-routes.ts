import { Hono } from 'hono';
import { letTimePass } from '../host/let-time-pass.ts';
import type { LiveHost } from '../host/live-host.ts';

/** Where a running network is asked for its time, and told to let some pass. */
export const TIME_PATH = '/_/localnet/time';

/** Its content type keeps pages of other origins out: browsers ask first, and nobody says yes. */
const JSON_TYPE = 'application/json';
const DURATION_MAX_DIGITS = 20;

/** GET answers `{"time_ns"}`; POST `{"advance_ns"}` answers it when that long has passed. */
export function timeRoutes(host: LiveHost): Hono {
  const app = new Hono();
  app.get(TIME_PATH, (c) => c.json(timeAnswer(host.refreshTimeNs())));
  app.post(TIME_PATH, async (c) => {
    if (c.req.header('content-type') !== JSON_TYPE)
      return c.json({ error: `not ${JSON_TYPE}` }, 415);
    const durationNs = durationOf(await c.req.text());
    if (durationNs === undefined) return c.json({ error: 'not {"advance_ns": "<digits>"}' }, 400);
    return c.json(timeAnswer(await letTimePass(host, durationNs)));
  });
  return app;
}

function timeAnswer(timeNs: bigint): { time_ns: string } {
  return { time_ns: timeNs.toString() };
}

function durationOf(body: string): bigint | undefined {
  const digits = new RegExp(`^\\{"advance_ns":"(\\d{1,${DURATION_MAX_DIGITS}})"\\}$`).exec(
    body,
  )?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
