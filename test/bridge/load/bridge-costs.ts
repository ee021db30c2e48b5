import { readFileSync } from 'node:fs';
import type { BridgeProcess } from '../../../scripts/start/demo/bridge-process.ts';

const KIB_PER_MB = 1_000_000 / 1_024;

/** What a bridge has used, by the kernel and by its own metrics. */
export interface BridgeCosts {
  readonly peakMemoryMb: number;
  readonly cpuSeconds: number;
  /** By method: how many, and how long all of them together took to be answered. */
  readonly canisterCalls: ReadonlyMap<string, { readonly count: number; readonly seconds: number }>;
}

/** Reads it from a bridge that runs. */
export async function costsOf(bridge: BridgeProcess): Promise<BridgeCosts> {
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  const cpu = /^bridge_process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1];
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
    cpuSeconds: Number(cpu),
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
