import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ConnectionCard,
  Rental,
  Timeline,
  TimelineRow,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { StartError } from '../start-error.ts';
import { okOf, type PersonsCalls } from './demo-calls.ts';
import type { PaidRental } from './rent-demo.ts';

const POLL_MS = 500;
const STEPS_MAX = 100;
/** The offers promise a machine within half an hour, or the money back. */
const PATIENCE_MS = 40 * 60_000;
const NS_PER_MS = 1_000_000n;
const MS_PER_SECOND = 1_000;

/** A rental that was followed until its machine was ready. */
export interface ReadyRental {
  readonly card: ConnectionCard;
  /** From the confirmed payment to active, by the canister's clock. */
  readonly acceptedToActiveMs: number;
  /** From the order of the server until it answered SSH, as the bridge told it. */
  readonly bootedMs: number;
}

/**
 * Shows each step of the rental as it comes, with the time since the payment and what it usually takes,
 * until the rental is active. A rental that ends instead is an error with its reason.
 */
export async function followRental(
  { rental: calls }: PersonsCalls,
  paid: PaidRental,
  show: (line: string) => void,
): Promise<ReadyRental> {
  let shown = 0;
  let paidAtNs: bigint | undefined;
  const untilMs = Date.now() + PATIENCE_MS;
  while (Date.now() < untilMs) {
    const timeline = okOf(
      'timeline',
      await calls.get_timeline(paid.rentalId, {
        from: [],
        limit: STEPS_MAX,
        newest_first: false,
      }),
    );
    const steps = timeline.page.rows.map(({ value }) => value);
    paidAtNs ??= steps[0]?.at_ns;
    for (const step of steps.slice(shown)) show(stepLine(step, { paidAtNs, timeline }));
    shown = steps.length;
    const { rental } = okOf('rental', await calls.get_rental(paid.rentalId));
    if ('Active' in rental.state && paidAtNs !== undefined) {
      const activeMs = Number((rental.state.Active.since_ns - paidAtNs) / NS_PER_MS);
      const { card } = okOf('connection', await calls.get_connection(paid.rentalId));
      const [found] = card;
      if (found !== undefined) {
        return { card: found, acceptedToActiveMs: activeMs, bootedMs: bootedMsOf(steps) };
      }
    }
    throwIfOver(rental);
    await sleep(POLL_MS);
  }
  throw new StartError('The machine is still not ready. The offer’s promise returns the money.');
}

function throwIfOver({ state }: Rental): void {
  const ending =
    'Ending' in state ? state.Ending.ending : 'Closed' in state ? state.Closed.ending : undefined;
  if (ending !== undefined) throw new StartError(`The demo rental ended: ${ending.reason}`);
}

/** 0 if the steps do not tell. */
function bootedMsOf(steps: readonly TimelineRow[]): number {
  const at = (name: string): bigint | undefined =>
    steps.find(({ step }) => nameOf(step) === name)?.at_ns;
  const [made, reached] = [at('ServerCreated'), at('SshReachable')];
  if (made === undefined || reached === undefined) return 0;
  return Number((reached - made) / NS_PER_MS);
}

interface Shown {
  readonly paidAtNs: bigint | undefined;
  readonly timeline: Timeline;
}

function stepLine(step: TimelineRow, { paidAtNs, timeline }: Shown): string {
  const name = nameOf(step.step);
  const elapsed = paidAtNs === undefined ? 0n : step.at_ns - paidAtNs;
  const usual = timeline.usual.find((row) => nameOf(row.step) === name);
  const part = step.of > 0 ? ` ${step.index.toString()}/${step.of.toString()}` : '';
  const note = step.note === '' ? '' : ` ${step.note}`;
  const usually =
    usual === undefined
      ? 'no runs yet'
      : `usually ${usual.seconds.toString()} s, ${usual.runs.toString()} runs`;
  const at = (Number(elapsed / NS_PER_MS) / MS_PER_SECOND).toFixed(1).padStart(6);
  return `  ${at} s  ${`${words(name)}${part}${note}`.padEnd(44)} (${usually})`;
}

function nameOf(step: TimelineRow['step']): string {
  return Object.keys(step)[0] ?? '';
}

/** `ServerCreated` as `Server created`. */
function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
