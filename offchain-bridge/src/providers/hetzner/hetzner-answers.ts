import { z } from 'zod';
import type { RateReading } from '../../core/rate-bucket.ts';
import { scrub } from '../../core/scrub.ts';
import { HetznerError, type HetznerFailure } from './hetzner-error.ts';

/** An HTTP answer as it came: the body is JSON if it was, otherwise text. */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
  /** By their names in small letters. */
  readonly header: (name: string) => string | undefined;
}

const FIRST_ERROR_STATUS = 300;
const MAX_TEXT = 300;
const MS_PER_SECOND = 1_000;

/** Errors before the network: a server that does not answer, a name or a certificate that is wrong. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_INVALID_URL',
]);

const names = z
  .array(z.object({ name: z.string() }))
  .optional()
  .catch(undefined);

/** `{error: {code, message, details}}`: docs.hetzner.cloud, "Errors". */
const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().catch(''),
    details: z.object({ fields: names, limits: names }).nullish().catch(undefined),
  }),
});

/** The error that an answer stands for; undefined if it went well. */
export function errorIn(answer: RawAnswer, token: string): HetznerError | undefined {
  const { status, body } = answer;
  if (status < FIRST_ERROR_STATUS) return undefined;
  const correlationId = answer.header('x-correlation-id');
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) {
    const failure: HetznerFailure = {
      kind: 'refused',
      status,
      code: undefined,
      fields: [],
      limits: [],
    };
    return new HetznerError(failure, `HTTP ${status}: ${shortText(body, token)}`, correlationId);
  }
  const { code, message, details } = parsed.data.error;
  // That the address is unknown says nothing about what was asked for.
  const isRoute = code === 'not_found' && message.includes('route');
  const failure: HetznerFailure = {
    kind: 'refused',
    status,
    code: isRoute ? undefined : code,
    fields: (details?.fields ?? []).map(({ name }) => name),
    limits: (details?.limits ?? []).map(({ name }) => name),
  };
  return new HetznerError(failure, shortText(`${code}: ${message}`, token), correlationId);
}

/** For a request that got no answer. */
export function errorOfNetwork(
  { code, message }: { readonly code: string | undefined; readonly message: string },
  token: string,
): HetznerError {
  const kind = code !== undefined && NOT_SENT.has(code) ? 'not-sent' : 'lost';
  const text = code === undefined ? message : `${code}: ${message}`;
  return new HetznerError({ kind }, shortText(text, token));
}

/** What the headers say of the account's limit: docs.hetzner.cloud, "Rate Limiting". */
export function rateIn({ header }: Pick<RawAnswer, 'header'>): RateReading | undefined {
  const limit = wholeNumber(header('ratelimit-limit'));
  const remaining = wholeNumber(header('ratelimit-remaining'));
  if (limit === undefined || limit < 1 || remaining === undefined) return undefined;
  const resetAt = wholeNumber(header('ratelimit-reset'));
  // Both by the cloud's clock: ours may be wrong.
  const saidAt = Date.parse(header('date') ?? '') / MS_PER_SECOND;
  const fullInSeconds =
    resetAt === undefined || Number.isNaN(saidAt) ? undefined : Math.max(resetAt - saidAt, 0);
  return { limit, remaining, fullInSeconds };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** One line without secrets. */
function shortText(body: unknown, token: string): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
  const safe = scrub(text.replaceAll(token, '[secret]'));
  return safe.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}
