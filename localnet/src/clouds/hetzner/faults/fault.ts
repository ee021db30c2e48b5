import { z } from 'zod';
import { COMMANDS } from '../state/server-record.ts';

const durationMs = z.number().nonnegative();
const text = z.string().min(1);

/** What goes wrong. */
export const faultEffectSchema = z.discriminatedUnion('kind', [
  /** The connection is reset before anything is done. */
  z.object({ kind: z.literal('lost-request') }),
  /** What was asked is done; the connection is reset instead of the answer. Only if it succeeded. */
  z.object({ kind: z.literal('lost-response') }),
  /** Waits before anything is done. */
  z.object({ kind: z.literal('slow'), delayMs: durationMs }),
  /** Waits after it was done. */
  z.object({ kind: z.literal('slow-response'), delayMs: durationMs }),
  /** 429, whatever is left of the rate limit. */
  z.object({ kind: z.literal('rate-limited'), resetInMs: durationMs.default(1_000) }),
  /** Any error of the API. */
  z.object({
    kind: z.literal('error'),
    status: z.int().min(400).max(599),
    code: text,
    message: z.string().default('simulated error'),
    details: z.unknown().optional(),
  }),
  /** A page of a proxy instead of JSON. */
  z.object({ kind: z.literal('html'), status: z.int().min(400).max(599).default(502) }),
  z.object({ kind: z.literal('token-revoked') }),
  z.object({ kind: z.literal('token-readonly') }),
  /** Orders of that type at that location are refused; without them, all orders. */
  z.object({
    kind: z.literal('no-capacity'),
    serverType: text.optional(),
    location: text.optional(),
    code: z.enum(['resource_unavailable', 'placement_error', 'unavailable']).optional(),
  }),
  z.object({
    kind: z.literal('quota'),
    limit: z.enum(['server_limit', 'primary_ip_limit']).default('server_limit'),
  }),
  /** The server is made with IPv6 alone, though IPv4 was asked for. */
  z.object({ kind: z.literal('no-ipv4') }),
  /** The server is made without any address. */
  z.object({ kind: z.literal('no-addresses') }),
  /** The server's IPv4 address is shown only after a while. */
  z.object({ kind: z.literal('late-ipv4'), afterMs: durationMs }),
  /** The action never ends; without a command, whichever action comes first. */
  z.object({ kind: z.literal('stuck-action'), command: z.enum(COMMANDS).optional() }),
  z.object({
    kind: z.literal('failed-action'),
    command: z.enum(COMMANDS).optional(),
    code: text.default('action_failed'),
    message: z.string().default('Action failed'),
  }),
  /** The system in the server does not react to a shutdown. */
  z.object({ kind: z.literal('ignored-shutdown') }),
  /** The server that is made is gone after a while, and nothing says why. */
  z.object({ kind: z.literal('vanish'), afterMs: durationMs }),
  /** What changes or deletes a server is refused, because another action is said to be under way. */
  z.object({ kind: z.literal('locked') }),
  /** Those fields of the answer, wherever they are texts, have values no client knows. */
  z.object({ kind: z.literal('unknown-values'), fields: z.array(text).default(['status']) }),
]);

export type FaultEffect = z.infer<typeof faultEffectSchema>;
export type FaultKind = FaultEffect['kind'];

/** A fault and when it happens. */
export const faultSchema = z.strictObject({
  effect: faultEffectSchema,
  /** Which requests; what is left out is any. */
  scope: z
    .strictObject({
      method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
      /** Without `/v1` and query; `*` is any text without a slash, `**` any text. */
      path: z.string().startsWith('/').optional(),
      project: text.optional(),
      token: text.optional(),
    })
    .default({}),
  /** So many matching requests are left alone first. */
  after: z.int().nonnegative().default(0),
  /** So often; without it for ever. */
  times: z.int().positive().optional(),
  /** Chance per matching request, drawn from the cloud's seed. */
  share: z.number().min(0).max(1).default(1),
  /** For so long from now on; without it for ever. */
  forMs: durationMs.optional(),
});

export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;

export type EffectOf<K extends FaultKind> = Extract<FaultEffect, { kind: K }>;
