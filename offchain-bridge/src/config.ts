import { z } from 'zod';

const PORT_MAX = 65_535;

const envSchema = z.object({
  BRIDGE_HOST: z.string().min(1).default('127.0.0.1'),
  BRIDGE_PORT: z.coerce.number().int().min(0).max(PORT_MAX).default(8_090),
});

/** What the bridge runs with. Port 0 lets the system choose one. */
export interface BridgeConfig {
  readonly host: string;
  readonly port: number;
}

export type ConfigOutcome =
  | { readonly kind: 'ok'; readonly config: BridgeConfig }
  | { readonly kind: 'invalid'; readonly problems: string };

/** Reads the configuration from environment variables; an invalid one names every problem. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigOutcome {
  const parsed = envSchema.safeParse(env);
  if (!parsed.success) return { kind: 'invalid', problems: z.prettifyError(parsed.error) };
  const { BRIDGE_HOST: host, BRIDGE_PORT: port } = parsed.data;
  return { kind: 'ok', config: { host, port } };
}
