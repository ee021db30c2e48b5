import { WorkError } from '../core/work-error.ts';

/** For a call that its caller has given up before anything was sent; what that was for is its cause. */
export function stopped(signal: AbortSignal): WorkError {
  return new WorkError('transient', 'The call was given up before it was sent.', {
    cause: signal.reason,
  });
}
