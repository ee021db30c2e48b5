import { z } from 'zod';
import type { BridgeProcess } from '../../../scripts/start/demo/bridge-process.ts';

const statusSchema = z.object({ jobs: z.array(z.unknown()) });

/** How many jobs the bridge has in hand, as it says itself. */
export async function jobsInHand({ url }: BridgeProcess): Promise<number> {
  const answer = await fetch(`${url}/status`);
  return statusSchema.parse(await answer.json()).jobs.length;
}
