import { readFileSync } from 'node:fs';
import type { BridgeProcess } from '../../../scripts/start/demo/bridge-process.ts';
import { starvedSeconds, type ProcessCosts } from './own-costs.ts';

const MS_PER_SECOND = 1_000;
const KIB_PER_MB = 1_000_000 / 1_024;

/** What a bridge has used, by the kernel and by its own metrics. */
export interface BridgeCosts {
  readonly peakMemoryMb: number;
  readonly process: ProcessCosts;
  /** By method: how many, and how long all of them together took to be answered. */
  readonly canisterCalls: ReadonlyMap<string, { readonly count: number; readonly seconds: number }>;
}

/** Reads it from a bridge that runs. */
export async function costsOf(bridge: BridgeProcess): Promise<BridgeCosts> {
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  const number = (name: string): number => {
    const text = new RegExp(`^bridge_${name} (\\S+)$`, 'm').exec(metrics)?.[1];
    if (text === undefined) throw new Error(`the bridge does not tell ${name}`);
    return Number(text);
  };
  const calls = new Map<string, { count: number; seconds: number }>();
  const lines = /^bridge_canister_call_seconds_(count|sum)\{method="(\w+)"\} (\S+)$/gm;
  for (const [, kind, method = '', value] of metrics.matchAll(lines)) {
    const call = calls.get(method) ?? { count: 0, seconds: 0 };
    calls.set(
      method,
      kind === 'count' ? { ...call, count: Number(value) } : { ...call, seconds: Number(value) },
    );
  }
  return {
    peakMemoryMb: peakMemoryMb(bridge.pid ?? 0),
    process: {
      cpuSeconds: number('process_cpu_seconds_total'),
      starvedSeconds: starvedSeconds(bridge.pid ?? 0),
      lagP50Ms: number('nodejs_eventloop_lag_p50_seconds') * MS_PER_SECOND,
      lagP99Ms: number('nodejs_eventloop_lag_p99_seconds') * MS_PER_SECOND,
    },
    canisterCalls: calls,
  };
}

/** The most that it ever had in memory. Source: proc(5), VmHWM. */
function peakMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error('the kernel does not tell how much memory it uses');
  return Number(kib) / KIB_PER_MB;
}
