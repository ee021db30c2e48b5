import type { Validity } from '../../ports/cloud.port.ts';
import type { Call, HetznerCalls, Sending } from './hetzner-calls.ts';
import { HetznerError } from './hetzner-error.ts';
import { classOf, workErrorOf, type Purpose } from './hetzner-errors.ts';
import { readAnswer, serversPage } from './hetzner.schema.ts';

const LOOK: Sending = { priority: 'act', purpose: { kind: 'read' } };
const WRITE: Purpose = { kind: 'act', isRepeatable: true };

/** The greatest id that the API can give, and never will. */
const NO_SERVER = Number.MAX_SAFE_INTEGER;

/**
 * Asks for a list, then tries to change nothing about a server that does not exist: with a token that may
 * write Hetzner finds no such server, with one that may only read it says `token_readonly`. Hetzner does
 * not document that it looks at the token first; if it did not, a token for reading would be found out by
 * the first order.
 */
export async function validateToken(calls: HetznerCalls, call: Call): Promise<Validity> {
  try {
    const body = await calls.send(call, LOOK, (api, options) =>
      api.get('/servers', { per_page: 1 }, options),
    );
    readAnswer(serversPage, body);
    await calls.send(call, { priority: 'act', purpose: WRITE }, (api, options) =>
      api.put(`/servers/${NO_SERVER}`, {}, options),
    );
    return { kind: 'valid' };
  } catch (error) {
    if (!(error instanceof HetznerError)) throw error;
    switch (classOf(error.failure, WRITE)) {
      case 'auth':
        return { kind: 'invalid', problem: workErrorOf(error, WRITE).message };
      // It knew who was asking and did not mind: `not_found`, or that there is nothing to change.
      case 'config':
        return { kind: 'valid' };
      case 'capacity':
      case 'quota':
      case 'exists':
      case 'transient':
      case 'unknown':
        throw error;
    }
  }
}
