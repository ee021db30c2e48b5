import { z } from 'zod';
import { labelProblems } from './labels.ts';

const NAME_MAX = 63;
const HOSTNAME =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const USER_DATA_MAX_BYTES = 32_768;

export const nameSchema = z
  .string()
  .refine(
    (name) => name.length <= NAME_MAX && HOSTNAME.test(name),
    'Name must be a valid hostname.',
  );

export const labelsSchema = z.record(z.string(), z.string()).superRefine((labels, context) => {
  for (const message of labelProblems(labels)) context.addIssue({ code: 'custom', message });
});

export const userDataSchema = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= USER_DATA_MAX_BYTES, 'must be at most 32 KiB');

/** Ids come as numbers or as digits, names as texts. */
export const idOrNameSchema = z
  .union([z.string().min(1), z.int().positive()])
  .transform((value) => value.toString());

const id = z.int().positive();
/** What the simulated cloud does not have. */
const absent = z.array(z.unknown()).optional();

export const createServerSchema = z.object({
  name: nameSchema,
  server_type: idOrNameSchema,
  image: idOrNameSchema,
  location: idOrNameSchema.nullish(),
  datacenter: z.unknown().optional(),
  ssh_keys: z.array(idOrNameSchema).nullish(),
  user_data: userDataSchema.nullish(),
  labels: labelsSchema.nullish(),
  start_after_create: z.boolean().nullish(),
  public_net: z
    .object({
      enable_ipv4: z.boolean().default(true),
      enable_ipv6: z.boolean().default(true),
      ipv4: id.nullish(),
      ipv6: id.nullish(),
    })
    .nullish(),
  firewalls: z.array(z.object({ firewall: id })).nullish(),
  networks: absent.nullish(),
  volumes: absent.nullish(),
  placement_group: id.nullish(),
});

export const changeServerSchema = z.object({
  name: nameSchema.optional(),
  labels: labelsSchema.optional(),
});

export const protectionSchema = z
  .object({ delete: z.boolean(), rebuild: z.boolean() })
  .refine((flags) => flags.delete === flags.rebuild, {
    path: ['rebuild'],
    message: 'delete and rebuild protection must have the same value',
  });

export const rebuildSchema = z.object({
  image: idOrNameSchema,
  user_data: userDataSchema.nullish(),
});
