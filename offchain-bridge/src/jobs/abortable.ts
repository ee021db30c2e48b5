import { setMaxListeners } from 'node:events';
import type { Clock } from '../ports/clock.port.ts';

/** Settles as the promise does, or rejects with the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const stopListening = (): void => signal.removeEventListener('abort', abort);
    // An end that comes after the abort is for nobody: resolve and reject have no effect then.
    promise.then(resolve, reject).finally(stopListening).catch(reject);
  });
}

/** Sleeps; gives whether it slept to the end. Never rejects for an abort. */
export async function pause(
  clock: Pick<Clock, 'sleep'>,
  durationMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await clock.sleep(durationMs, signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** A signal that follows several others until it is let go. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Nothing of it stays with the others. */
  unlink(): void;
}

/** Aborted, with the same reason, as soon as one of the sources is. Sources may live for ever. */
export function linkedSignal(sources: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const links = sources.map((source) => ({
    source,
    follow: (): void => controller.abort(source.reason),
  }));
  for (const { source, follow } of links) {
    if (source.aborted) follow();
    source.addEventListener('abort', follow, { once: true });
  }
  return {
    signal: controller.signal,
    unlink: () => {
      for (const { source, follow } of links) source.removeEventListener('abort', follow);
    },
  };
}
