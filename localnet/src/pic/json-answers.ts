import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { PicError } from './pic-error.ts';
import { parseJsonBigints, stringifyJsonBigints } from './wire.ts';

/** Answers a value as JSON; nothing (`undefined`) is `null`, which clients need to end a request. */
export function answerJson(value: unknown, status: ContentfulStatusCode = 200): Response {
  return new Response(JSON.stringify(value ?? null), { status, headers: JSON_HEADERS });
}

/** As `answerJson` for values that hold bigints. */
export function answerJsonBigints(value: unknown): Response {
  return new Response(stringifyJsonBigints(value), { headers: JSON_HEADERS });
}

/** The body as JSON. Throws `PicError` if it is not. */
export async function readJson(context: Context): Promise<unknown> {
  return parseBody(await context.req.text(), (text) => JSON.parse(text));
}

/** As `readJson`, for small bodies with numbers beyond 2^53. */
export async function readJsonBigints(context: Context): Promise<unknown> {
  return parseBody(await context.req.text(), parseJsonBigints);
}

/** What went wrong, as PocketIC reports it; unexpected failures are logged as well. */
export function answerError(error: unknown): Response {
  if (error instanceof HTTPException) return error.getResponse();
  if (error instanceof PicError) return answerJson({ message: error.message }, 400);
  if (error instanceof z.ZodError) {
    return answerJson({ message: `Invalid request: ${z.prettifyError(error)}` }, 400);
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  return answerJson({ message: `Internal error: ${String(error)}` }, 500);
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function parseBody(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new PicError(`The request body is not JSON: ${String(cause)}`);
  }
}
