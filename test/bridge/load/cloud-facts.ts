import { z } from 'zod';
import { processCostsSchema } from './own-costs.ts';

/** What the cloud's process is started with. */
export const cloudOrderSchema = z.object({
  folder: z.string(),
  projects: z.array(z.object({ name: z.string(), token: z.string(), readOnlyToken: z.string() })),
  timeFactor: z.number(),
  addressPrefix: z.string(),
});
export type CloudOrder = z.infer<typeof cloudOrderSchema>;

export const cloudReadySchema = z.object({ bridgeEnv: z.record(z.string(), z.string()) });

/** What only the one who runs the cloud knows. */
export const cloudFactsSchema = z.object({
  requests: z.number(),
  /** Answers 429. */
  refused: z.number(),
  costs: processCostsSchema,
  /** Of the programs of machines that have ended. */
  machinesCpuSeconds: z.number(),
  servers: z.array(
    z.object({
      rental: z.string(),
      /** From the order until SSH answered. */
      providerMs: z.number().optional(),
    }),
  ),
});
export type CloudFacts = z.infer<typeof cloudFactsSchema>;
