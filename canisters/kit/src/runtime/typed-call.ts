import type { IDL } from '@dfinity/candid';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { codecOf } from '../candid/codec-cache.ts';
import type { CallFailure, CallRequest, Runtime } from './runtime.port.ts';

/** The callee did run and did answer, but not in the form we expect. */
export interface UndecodableReply {
  readonly kind: 'undecodable';
  readonly reply: Uint8Array;
  readonly reason: string;
}

/** A call with Candid types. Types kept in constants make it cheap: see `codecOf`. */
export interface TypedCall extends Omit<CallRequest, 'arg'> {
  readonly argTypes: IDL.Type[];
  readonly args: unknown[];
  readonly replyTypes: IDL.Type[];
}

/**
 * Calls with Candid values. The reply is decoded here and not by the host, because a failure there
 * traps the callback, and the outcome of a call that did happen would be lost. Arguments that do not
 * fit their types throw before anything is sent.
 */
export async function callTyped(
  runtime: Runtime,
  { argTypes, args, replyTypes, ...request }: TypedCall,
): Promise<Result<unknown[], CallFailure | UndecodableReply>> {
  const arg = codecOf(argTypes).encode(args);
  const outcome = await runtime.call({ ...request, arg });
  if (outcome.kind === 'err') return outcome;
  try {
    return ok(codecOf(replyTypes).decode(outcome.value));
  } catch (error) {
    return err({ kind: 'undecodable', reply: outcome.value, reason: String(error) });
  }
}
