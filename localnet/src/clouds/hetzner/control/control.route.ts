import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { FaultBoard } from '../faults/fault-board.ts';
import { faultSchema } from '../faults/fault.ts';
import type { RequestCounts } from '../http/request-counts.ts';
import type { HetznerControl, SimulatedServer } from './hetzner-control.ts';

/** Where other processes switch faults and look behind the scenes; the real cloud has no such path. */
export const CONTROL_PATH = '/_sim';

/** What can be looked at and changed from outside. */
export interface ControlRoutesParts {
  readonly control: HetznerControl;
  readonly faults: FaultBoard;
  readonly counts: RequestCounts;
  readonly servers: () => readonly SimulatedServer[];
  readonly history: () => readonly SimulatedServer[];
}

/** Its content type keeps pages of other origins out: browsers ask first, and nobody says yes. */
const JSON_TYPE = 'application/json';

const faultsSchema = z.array(faultSchema);
const stockSchema = z.array(
  z.strictObject({
    serverType: z.string(),
    location: z.string(),
    available: z.boolean(),
    orders: z.enum(['created', 'resource_unavailable', 'unsupported_location']).optional(),
  }),
);
const shapeSchema = z.strictObject({ apiShape: z.enum(['before-2026-07', 'current']) });
const rateSchema = z.strictObject({ project: z.string(), remaining: z.number().nonnegative() });
const foreignSchema = z.strictObject({
  project: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  serverType: z.string().optional(),
  location: z.string().optional(),
});
const powerSchema = z.strictObject({ isOn: z.boolean() });
const machineFaultsSchema = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('drop-ssh'), afterMs: z.number().nonnegative() }),
    z.strictObject({ kind: z.literal('unreachable') }),
    z.strictObject({ kind: z.literal('lossy'), share: z.number().min(0).max(1), seed: z.int() }),
    z.strictObject({ kind: z.literal('disk-full') }),
    z.strictObject({ kind: z.literal('wrong-host-key') }),
  ]),
);

/** The control paths. What makes no sense is answered 400 with `{"error"}`. */
export function controlRoutes(parts: ControlRoutesParts): Hono {
  const { control, faults, counts } = parts;
  const app = new Hono();
  app.onError((error, c) => c.json({ error: error.message }, 400));

  app.get('/faults', (c) => c.json(faults.list()));
  app.put('/faults', async (c) => c.json(faults.replace(await bodyOf(c, faultsSchema))));
  app.post('/faults', async (c) => c.json({ id: faults.add(await bodyOf(c, faultSchema)) }, 201));
  app.delete(
    '/faults',
    act(() => faults.clear()),
  );
  app.delete('/faults/:id', (c) =>
    faults.remove(idOf(c)) ? c.body(null, 204) : c.json({ error: 'there is no such fault' }, 404),
  );

  app.get('/requests', (c) => c.json(counts.entries()));
  app.delete(
    '/requests',
    act(() => counts.clear()),
  );

  app.get('/stock', (c) => c.json(control.stock()));
  app.put(
    '/stock',
    act(async (c) => control.setStock(await bodyOf(c, stockSchema))),
  );
  app.get('/api-shape', (c) => c.json({ apiShape: control.apiShape() }));
  app.put(
    '/api-shape',
    act(async (c) => control.setApiShape((await bodyOf(c, shapeSchema)).apiShape)),
  );
  app.put(
    '/rate-limit',
    act(async (c) => {
      const { project, remaining } = await bodyOf(c, rateSchema);
      control.setRateLimitRemaining(project, remaining);
    }),
  );

  app.get('/servers', (c) => c.json(parts.servers()));
  app.get('/history', (c) => c.json(parts.history()));
  app.post('/servers', async (c) =>
    c.json({ id: control.addForeignServer(await bodyOf(c, foreignSchema)) }, 201),
  );
  app.delete(
    '/servers/:id',
    act((c) => control.vanish(idOf(c))),
  );
  app.put(
    '/servers/:id/power',
    act(async (c) => control.setPower(idOf(c), (await bodyOf(c, powerSchema)).isOn)),
  );
  app.put(
    '/servers/:id/machine-faults',
    act(async (c) => control.setMachineFaults(idOf(c), await bodyOf(c, machineFaultsSchema))),
  );
  return app;
}

function idOf(c: Context): number {
  return Number(c.req.param('id'));
}

async function bodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (c.req.header('content-type') !== JSON_TYPE) throw new TypeError(`send it as ${JSON_TYPE}`);
  return schema.parse(JSON.parse(await c.req.text()));
}

/** Does something that has no answer of its own. */
function act(work: (c: Context) => void | Promise<void>): (c: Context) => Promise<Response> {
  return async (c) => {
    await work(c);
    return c.body(null, 204);
  };
}
