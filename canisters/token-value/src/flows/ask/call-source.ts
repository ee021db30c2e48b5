import type { Principal } from '@dfinity/principal';
import type { Cycles } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { CandidCodec } from '@decent-cloud/kit/candid/candid-codec.ts';
import type { CallFailure, Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { shortDetail } from '../../core/adapters/answer-checks.ts';
import type { SampleRejection } from '../../core/samples/sample.ts';

/** Above any answer that is expected. A larger one could use up the message that reads it. */
const REPLY_BYTES_MAX = 16_384;

/** One call of somebody else's canister. */
export interface SourceCall {
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly reply: CandidCodec;
  readonly cycles?: Cycles;
}

/**
 * Calls and decodes. Everything that the other side can do wrong is a value: not being there,
 * rejecting, trapping, answering with garbage or with megabytes. `Reply` is what the codec
 * gives. The second rejection after a trap of our own is not caught: see `isCleanup`.
 */
export async function callSource<Reply>(
  runtime: Runtime,
  { reply: codec, ...call }: SourceCall,
): Promise<Result<Reply, SampleRejection>> {
  const outcome = await runtime.call(call);
  if (outcome.kind === 'err') return failed(`${call.method}: ${failureText(outcome.error)}`);
  const reply = outcome.value;
  if (reply.length > REPLY_BYTES_MAX) {
    return failed(`${call.method}: a reply of ${reply.length} bytes`);
  }
  try {
    return ok(codec.decode(reply)[0] as Reply);
  } catch (error) {
    return failed(`${call.method}: the reply is not what is expected: ${String(error)}`);
  }
}

function failed(detail: string): Result<never, SampleRejection> {
  return err({ kind: 'call-failed', detail: shortDetail(detail) });
}

function failureText(failure: CallFailure): string {
  if (failure.kind === 'not-sent') return failure.reason;
  return `rejected with code ${failure.code}: ${failure.message}`;
}
