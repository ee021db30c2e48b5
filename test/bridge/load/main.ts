import process from 'node:process';
import { parseArgs } from 'node:util';
import type { ProcessCosts } from './own-costs.ts';
import { runLoad, type LoadOutcome } from './run-load.ts';

/** What is to be reached with 50 rentals at once. */
const GOALS = { overheadP50Ms: 5_000, peakMemoryMb: 300, requestsPerHour: 3_600, refused: 0 };
const MS_PER_SECOND = 1_000;
const EXIT_MISSED = 1;
const EXIT_USAGE = 2;

const { values } = parseArgs({
  options: {
    rentals: { type: 'string', default: '50' },
    delay: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
});

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value >= least) return value;
  tell(`--${name} must be a number of at least ${least}, not ${text}`);
  process.exit(EXIT_USAGE);
}

/** The value that so many in a hundred do not exceed. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function rounded({ cpuSeconds, starvedSeconds, lagP50Ms, lagP99Ms }: ProcessCosts) {
  return {
    cpuSeconds: Number(cpuSeconds.toFixed(1)),
    starvedSeconds: Number(starvedSeconds.toFixed(1)),
    lagP50Ms: Math.round(lagP50Ms),
    lagP99Ms: Math.round(lagP99Ms),
  };
}

function figuresOf({ times, costs, cloud, network, seconds }: LoadOutcome) {
  const of = (pick: (one: (typeof times)[number]) => number, percent: number): number =>
    Math.round(percentile(times.map(pick), percent));
  return {
    rentals: times.length,
    overheadP50Ms: of(({ overheadMs }) => overheadMs, 50),
    overheadP95Ms: of(({ overheadMs }) => overheadMs, 95),
    acceptedToActiveP50Ms: of(({ acceptedToActiveMs }) => acceptedToActiveMs, 50),
    providerP50Ms: of(({ providerMs }) => providerMs, 50),
    orderedP50Ms: of(({ stepsMs }) => stepsMs.get('ServerCreated') ?? Number.NaN, 50),
    peakMemoryMb: Math.round(costs.peakMemoryMb),
    bridge: rounded(costs.process),
    network: rounded(network),
    cloud: rounded(cloud.process),
    machinesCpuSeconds: cloud.machinesCpuSeconds,
    cloudRequests: cloud.requests,
    requestsPerRental: Number((cloud.requests / times.length).toFixed(2)),
    refused: cloud.refused,
    seconds: Math.round(seconds.gone),
  };
}

function tellSteps({ times }: LoadOutcome): void {
  tell('steps, and when they were known after the payment (half of all, 95 %):');
  const names = new Set(times.flatMap(({ stepsMs }) => [...stepsMs.keys()]));
  for (const name of names) {
    const all = times.flatMap(({ stepsMs }) => stepsMs.get(name) ?? []);
    const [half, most] = [50, 95].map((percent) =>
      (percentile(all, percent) / MS_PER_SECOND).toFixed(1).padStart(7),
    );
    tell(`  ${name.padEnd(16)}${half ?? ''}${most ?? ''} s`);
  }
}

function tellCalls({ costs }: LoadOutcome): void {
  tell('calls of the canister, and how long each took to be answered:');
  for (const [method, { count, seconds }] of costs.canisterCalls) {
    tell(
      `  ${method.padEnd(24)}${count.toString().padStart(6)}  ${(seconds / count).toFixed(2)} s`,
    );
  }
}

const outcome = await runLoad({
  rentals: Math.round(numberOf('rentals', values.rentals, 1)),
  timeFactor: numberOf('delay', values.delay, 0),
  profileDir: values.profile,
  tell,
});
tellSteps(outcome);
tellCalls(outcome);
const figures = figuresOf(outcome);
const missed = [
  ...(figures.overheadP50Ms > GOALS.overheadP50Ms ? ['overheadP50Ms'] : []),
  ...(figures.peakMemoryMb > GOALS.peakMemoryMb ? ['peakMemoryMb'] : []),
  ...(figures.cloudRequests > GOALS.requestsPerHour ? ['cloudRequests'] : []),
  ...(figures.refused > GOALS.refused ? ['refused'] : []),
];
if (missed.length > 0) tell(`missed: ${missed.join(', ')}`);
process.stdout.write(`${JSON.stringify({ ...figures, missed })}\n`);
process.exitCode = missed.length > 0 ? EXIT_MISSED : 0;
