import { z } from 'zod';
import { PicError } from './pic-error.ts';
import { unsignedSchema } from './wire.ts';

/**
 * What an instance may be created with. Everything is read; whatever would change results and is
 * not served here is refused by name, so that no test runs on less than it asked for.
 * Source: dfinity/ic packages/pocket-ic/src/common/rest.rs `InstanceConfig`.
 */

const specSchema = z
  .object({
    dts_flag: z.enum(['Enabled', 'Disabled']).default('Enabled'),
    instruction_config: z.enum(['Production', 'Benchmarking']).default('Production'),
    cost_schedule: z.enum(['Normal', 'Free']).default('Normal'),
    state_config: z.union([z.literal('New'), z.record(z.string(), z.unknown())]).default('New'),
  })
  .transform((spec) => ({
    instructionConfig: spec.instruction_config,
    costSchedule: spec.cost_schedule,
    stateConfig: spec.state_config,
  }));

const namedSpecSchema = specSchema.nullish().transform((spec) => spec ?? undefined);
const specListSchema = z.array(specSchema).default([]);

const subnetSetSchema = z
  .object({
    nns: namedSpecSchema,
    sns: namedSpecSchema,
    ii: namedSpecSchema,
    fiduciary: namedSpecSchema,
    bitcoin: namedSpecSchema,
    system: specListSchema,
    application: specListSchema,
    verified_application: specListSchema,
    cloud_engine: specListSchema,
  })
  .transform(({ verified_application, cloud_engine, ...rest }) => ({
    ...rest,
    verifiedApplication: verified_application,
    cloudEngine: cloud_engine,
  }));

const initialTimeSchema = z.union([
  z
    .object({ Timestamp: z.object({ nanos_since_epoch: unsignedSchema(64) }) })
    .transform(({ Timestamp }) => ({
      kind: 'timestamp' as const,
      ns: Timestamp.nanos_since_epoch,
    })),
  z
    .object({ AutoProgress: z.object({ artificial_delay_ms: z.int().nonnegative().nullish() }) })
    .transform(({ AutoProgress }) => ({
      kind: 'auto-progress' as const,
      artificialDelayMs: AutoProgress.artificial_delay_ms ?? 0,
    })),
]);

export const gatewaySettingsSchema = z.object({
  ip_addr: z.string().nullish(),
  port: z.int().min(0).max(65_535).nullish(),
  domains: z.array(z.string()).nullish(),
  https_config: z.unknown().optional(),
});

const flagsSchema = z.record(z.string(), z.string().nullish());

const instanceConfigSchema = z.object({
  subnet_config_set: subnetSetSchema,
  http_gateway_config: gatewaySettingsSchema.nullish(),
  state_dir: z.string().nullish(),
  icp_config: flagsSchema.nullish(),
  icp_features: flagsSchema.nullish(),
  initial_time: initialTimeSchema.nullish(),
  bitcoind_addr: z.unknown().optional(),
  dogecoind_addr: z.unknown().optional(),
  disable_ingress_validation: z.boolean().nullish(),
});

export type SubnetSpec = z.output<typeof specSchema>;
export type GatewaySettings = z.output<typeof gatewaySettingsSchema>;
type SubnetSet = z.output<typeof subnetSetSchema>;

/** System canisters that an instance can be created with. */
export type IcpFeature = 'icp_token' | 'cycles_token' | 'cycles_minting';

const SERVED_FEATURES: readonly IcpFeature[] = ['icp_token', 'cycles_token', 'cycles_minting'];

export interface InstanceConfig {
  readonly subnets: SubnetSet;
  readonly features: ReadonlySet<IcpFeature>;
  readonly initialTime: z.output<typeof initialTimeSchema> | undefined;
  readonly gateway: GatewaySettings | undefined;
}

/** Reads the body of `POST /instances`. Throws `PicError` naming what cannot be served. */
export function parseInstanceConfig(body: unknown): InstanceConfig {
  const raw = instanceConfigSchema.parse(body);
  if (raw.state_dir) refuse('state_dir', 'an instance keeps its state in memory only');
  if (raw.bitcoind_addr) refuse('bitcoind_addr', 'there is no Bitcoin integration');
  if (raw.dogecoind_addr) refuse('dogecoind_addr', 'there is no Dogecoin integration');
  if (raw.disable_ingress_validation === true) {
    refuse('disable_ingress_validation', 'signatures are always checked on /api');
  }
  refuseFlags(raw.icp_config ?? {});
  const features = servedFeatures(raw.icp_features ?? {});
  const subnets = withFeatureSubnets(raw.subnet_config_set, features);
  refuseSubnets(subnets);
  return {
    subnets,
    features,
    initialTime: raw.initial_time ?? undefined,
    gateway: raw.http_gateway_config ?? undefined,
  };
}

function refuse(field: string, reason: string): never {
  throw new PicError(`localnet does not serve \`${field}\`: ${reason}.`);
}

/** Only settings that already hold here are taken; the others would need another execution. */
function refuseFlags(flags: Record<string, string | null | undefined>): void {
  if (flags['beta_features'] === 'Enabled') {
    refuse('icp_config.beta_features', 'only features of the IC specification exist');
  }
  if (flags['function_name_length_limits'] === 'Disabled') {
    refuse('icp_config.function_name_length_limits', 'the limits of the IC always apply');
  }
  if (flags['canister_execution_rate_limiting'] === 'Enabled') {
    refuse('icp_config.canister_execution_rate_limiting', 'execution is never rate-limited');
  }
}

function servedFeatures(
  requested: Record<string, string | null | undefined>,
): ReadonlySet<IcpFeature> {
  const served = new Set<IcpFeature>();
  for (const [name, setting] of Object.entries(requested)) {
    if (setting === null || setting === undefined) continue;
    const feature = SERVED_FEATURES.find((candidate) => candidate === name);
    if (feature === undefined) {
      refuse(`icp_features.${name}`, `only ${SERVED_FEATURES.join(', ')} are provided`);
    }
    served.add(feature);
  }
  return served;
}

/** A feature brings the subnet its canisters live on, as in PocketIC. */
function withFeatureSubnets(set: SubnetSet, features: ReadonlySet<IcpFeature>): SubnetSet {
  const fresh = specSchema.parse({});
  const needsNns = features.has('icp_token') || features.has('cycles_minting');
  return {
    ...set,
    nns: set.nns ?? (needsNns ? fresh : undefined),
    ii: set.ii ?? (features.has('cycles_token') ? fresh : undefined),
  };
}

function refuseSubnets(set: SubnetSet): void {
  if (set.cloudEngine.length > 0) refuse('cloud_engine', 'there are no cloud engine subnets');
  const all = [
    ...[set.nns, set.sns, set.ii, set.fiduciary, set.bitcoin].filter((spec) => spec !== undefined),
    ...set.system,
    ...set.application,
    ...set.verifiedApplication,
  ];
  if (all.length === 0) {
    throw new PicError('SubnetConfigSet must contain at least one subnet');
  }
  for (const spec of all) {
    if (spec.stateConfig !== 'New') {
      refuse('state_config', 'a subnet starts empty; state directories of PocketIC cannot be read');
    }
  }
}
