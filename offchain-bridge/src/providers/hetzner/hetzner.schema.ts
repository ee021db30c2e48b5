import { z } from 'zod';
import { HetznerError } from './hetzner-error.ts';

/*
 * Answers of the Hetzner Cloud API (docs.hetzner.cloud, 2026), read leniently: what is not needed is not
 * read, words that are not known and fields that are gone are no error. Only ids and names must be there.
 */

const id = z.int().nonnegative();
const optionalText = z.string().optional().catch(undefined);
const address = z.object({ ip: z.string() }).nullish().catch(undefined);
const deprecation = z
  .object({ unavailable_after: z.string().nullish().catch(undefined) })
  .nullish()
  .catch(undefined);

export const createdSchema = z.object({ server: z.object({ id }) });

const serverSchema = z.object({
  id,
  name: z.string(),
  status: z.string().catch('unknown'),
  /** Labels that cannot be read are none: a server without ours is never touched. */
  labels: z.record(z.string(), z.string()).catch({}),
  public_net: z.object({ ipv4: address, ipv6: address }).nullish().catch(undefined),
  created: optionalText,
});
export type ServerRow = z.infer<typeof serverSchema>;

const nextPage = z
  .object({ pagination: z.object({ next_page: z.int().positive().nullish() }) })
  .optional()
  .catch(undefined);

export const serverAnswer = z.object({ server: serverSchema });
export const serversPage = z.object({ servers: z.array(serverSchema), meta: nextPage });

const priceSchema = z.object({
  location: z.string(),
  price_monthly: z.object({ net: z.string() }),
});

/** Rows that cannot be read are left out: one strange type does not hide the others. */
function rows<T>(row: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(z.unknown()).transform((items) =>
    items.flatMap((item) => {
      const parsed = row.safeParse(item);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}

const typeSchema = z.object({
  name: z.string(),
  architecture: z.string(),
  cores: z.number(),
  /** GB, perhaps a fraction. */
  memory: z.number(),
  disk: z.number(),
  deprecation,
  prices: rows(priceSchema).catch([]),
  locations: rows(
    z.object({ name: z.string(), available: z.boolean().catch(false), deprecation }),
  ).catch([]),
});
export type TypeRow = z.infer<typeof typeSchema>;

const locationSchema = z.object({
  name: z.string(),
  city: z.string(),
  country: z.string(),
  network_zone: z.string(),
});
export type LocationRow = z.infer<typeof locationSchema>;

const imageSchema = z.object({
  name: z.string(),
  architecture: z.string(),
  status: z.string().catch('available'),
  /** When it was declared outdated. */
  deprecated: z.string().nullish().catch(undefined),
  deleted: z.string().nullish().catch(undefined),
});
export type ImageRow = z.infer<typeof imageSchema>;

export const typesPage = z.object({ server_types: rows(typeSchema), meta: nextPage });
export const locationsPage = z.object({ locations: rows(locationSchema), meta: nextPage });
export const imagesPage = z.object({ images: rows(imageSchema), meta: nextPage });
export const pricingAnswer = z.object({ pricing: z.object({ currency: z.string() }) });

/** The answer in its form; a `HetznerError` (unreadable) if it has another. */
export function readAnswer<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new HetznerError({ kind: 'unreadable', status: 200 }, `unreadable at ${where}`);
}
