import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';
import type { Health } from './price-status.service.ts';

const LINE = /^([a-z_]+)(\{[^}]*\})? (-?\d+(?:\.\d+)?)$/;
const T = 1_000_000_000_000n;
const MINUTE_MS = 60_000;
/** A bridge beats every half minute or so. */
const SILENT_AFTER_MS = 2 * MINUTE_MS;

/** The value of a metric without labels, whatever its prefix. Source: Prometheus text format 0.0.4. */
export function metricOf(text: string, name: string): number | undefined {
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (match?.[1]?.endsWith(name) === true && match[2] === undefined) return Number(match[3]);
  }
  return undefined;
}

/** Trillions of cycles, with two decimals: `99.99 T`. */
export function cyclesText(cycles: bigint): string {
  const hundredths = (cycles * 100n) / T;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')} T`;
}

/** How long the cycles last at the rate of a day in which nothing happens. */
export function runwayText(cycles: bigint, burnPerDay: bigint): string {
  if (burnPerDay === 0n) return 'not burning';
  const days = cycles / burnPerDay;
  return days > 3650n ? 'more than 10 years' : `${days} days`;
}

/** Whether a bridge beats. */
export function bridgeHealth(status: Rental.AgentStatus | undefined, nowMs: number): Health {
  if (status === undefined) return { tone: 'bad', label: 'never heard of' };
  const silentMs = nowMs - msOfNs(status.last_heartbeat_at_ns);
  if (silentMs <= SILENT_AFTER_MS) return { tone: 'good', label: 'beats' };
  return { tone: 'bad', label: `silent for ${durationText(silentMs / 1000)}` };
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  Provision: 'Make a machine',
  Terminate: 'Delete a machine',
  UpgradeRecipe: 'Upgrade a recipe',
  Power: 'Switch power',
  RotateSshKeys: 'Change SSH keys',
  ValidateAccount: 'Try credentials',
  RefreshCatalogue: 'Read a catalogue',
};

/** What a job does, in words. */
export function jobName(variant: object): string {
  const [kind = ''] = Object.keys(variant);
  return KIND_NAMES[kind] ?? kind;
}

/** What a stuck job waits for, in words. */
export function stuckText(job: Rental.Job, nowMs: number): string {
  const age = durationText((nowMs - msOfNs(job.created_at_ns)) / 1000);
  const [problem] = job.last_problem;
  return `${job.attempts} tries in ${age}${problem === undefined ? '' : `: ${problem.message}`}`;
}
