import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { z } from 'zod';

const MICROSECONDS = 1_000_000;
const NS_PER_MS = 1_000_000;
const NS_PER_SECOND = 1_000_000_000;
const PERCENT = { usual: 50, rare: 99 };

/** What a process has used, and how long what it had to do waited for its turn. */
export const processCostsSchema = z.object({
  cpuSeconds: z.number(),
  /** For so long it could have gone on, and others had the processors. */
  starvedSeconds: z.number(),
  lagP50Ms: z.number(),
  lagP99Ms: z.number(),
});
export type ProcessCosts = z.infer<typeof processCostsSchema>;

/** Measures this process from now on. The function gives what it was so far. */
export function measureSelf(): () => ProcessCosts {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  const before = process.cpuUsage();
  const starvedBefore = starvedSeconds('self');
  return () => {
    const { user, system } = process.cpuUsage(before);
    return {
      cpuSeconds: (user + system) / MICROSECONDS,
      starvedSeconds: starvedSeconds('self') - starvedBefore,
      lagP50Ms: delays.percentile(PERCENT.usual) / NS_PER_MS,
      lagP99Ms: delays.percentile(PERCENT.rare) / NS_PER_MS,
    };
  };
}

/** Of the main thread of a process, since it began. Source: Linux, sched-stats.rst, /proc/<pid>/schedstat. */
export function starvedSeconds(pid: number | 'self'): number {
  const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waitedNs) / NS_PER_SECOND;
}
