import * as z from 'zod/mini';

const TIMEOUT_MS = 10_000;
const NS_PER_MS = 1_000_000n;

const answerSchema = z.object({ time_ns: z.string().check(z.regex(/^\d{1,30}$/)) });

/**
 * The later one of the network's time and the computer's: the network may have been put ahead, and
 * a delegation has to be valid on both clocks. Errors: if the network does not answer.
 */
export async function laterTimeMs(wallMs: number): Promise<number> {
  const response = await fetch('/time', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`The local network answered ${response.status}`);
  const { time_ns: timeNs } = answerSchema.parse(await response.json());
  return Math.max(wallMs, Number(BigInt(timeNs) / NS_PER_MS));
}
