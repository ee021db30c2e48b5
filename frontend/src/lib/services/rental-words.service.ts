import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';
import { armOf, type ArmOf } from './variant.service.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';
export type StateName = ArmOf<Rental.RentalState>;
export type EndingCause = ArmOf<Rental.RentalEnding['cause']>;

/** What the reader of a rental is to it. */
export type Viewer = 'renter' | 'provider' | 'operator';

/** Where a rental is, in words. */
export interface Headline {
  /** One or two words, for a badge. */
  readonly label: string;
  readonly title: string;
  /** What it means, also for the money, and what happens next. */
  readonly text: string;
  readonly tone: Tone;
  /** When this state is over at the latest, or when it is looked at again. */
  readonly deadline: { readonly label: string; readonly atMs: number } | undefined;
}

export interface HeadlineInput {
  readonly rental: Pick<Rental.Rental, 'state' | 'due_at_ns'>;
  readonly viewer: Viewer;
  readonly nowMs: number;
  /** The checks say that it does not answer. */
  readonly isDown?: boolean;
}

/** Why rentals end, in a few words. */
export const CAUSE_WORDS: Readonly<Record<EndingCause, string>> = {
  RenterCancelled: 'Cancelled by the renter',
  ProviderCancelled: 'Cancelled by the seller',
  TermEnded: 'The paid time is over',
  NotProvisioned: 'The machine was not delivered',
  ProviderFailed: 'Ended by a failure on the seller’s side',
  DisputeDecided: 'Ended by a decided dispute',
  PaymentFailed: 'The payment did not come',
};

/** Words for every state that a rental can be in. */
export function headlineOf(input: HeadlineInput): Headline {
  const { state } = input.rental;
  if ('Quoted' in state) return quoted(state.Quoted, input.nowMs);
  if ('AwaitingPayment' in state) return awaiting(state.AwaitingPayment);
  if ('Provisioning' in state) return provisioning(state.Provisioning, input);
  if ('Active' in state) return active(state.Active, input);
  if ('Ending' in state) return ending(state.Ending, input);
  return closed(state.Closed, input.viewer);
}

/** For lists: the same words without a text. */
export function badgeOf(
  state: Rental.RentalState,
  nowMs: number,
): Pick<Headline, 'label' | 'tone'> {
  return headlineOf({ rental: { state, due_at_ns: [] }, viewer: 'renter', nowMs });
}

type In<Name extends StateName> = Extract<Rental.RentalState, Record<Name, unknown>>[Name];

function quoted({ expires_at_ns: expiresAt }: In<'Quoted'>, nowMs: number): Headline {
  const atMs = msOfNs(expiresAt);
  const isOver = atMs <= nowMs;
  return {
    label: isOver ? 'Quote expired' : 'Not paid yet',
    title: isOver ? 'The locked price has expired' : 'The price is locked, nothing is paid yet',
    text: isOver
      ? 'Nothing was taken. It is forgotten by itself in a few minutes; ask for a new price on the offer.'
      : 'Pay before the lock ends, or leave it: it is forgotten by itself, and nothing is taken.',
    tone: isOver ? 'plain' : 'info',
    deadline: isOver ? undefined : { label: 'Price locked until', atMs },
  };
}

function awaiting(state: In<'AwaitingPayment'>): Headline {
  const common = {
    label: 'Confirming payment',
    tone: 'warn',
    deadline: { label: 'Known for sure by', atMs: msOfNs(state.deadline_at_ns) },
  } as const;
  if (state.is_cancel_asked) {
    return {
      ...common,
      title: 'The payment is being confirmed, then it is cancelled',
      text:
        'You asked to cancel. As soon as the ledger has answered for sure, the rental ends and ' +
        'everything that was taken goes back to you. You need not do anything.',
    };
  }
  return {
    ...common,
    title: 'The payment is being confirmed',
    text:
      'The ledger was asked for the money and its answer is not known for sure yet. It is never ' +
      'taken twice: do not pay again. This goes on by itself, and your machine is made when it is confirmed.',
  };
}

function provisioning(state: In<'Provisioning'>, { nowMs, viewer }: HeadlineInput): Headline {
  const atMs = msOfNs(state.deadline_at_ns);
  const isLate = atMs <= nowMs;
  const isRenter = viewer === 'renter';
  const who = isRenter ? 'you' : 'the renter';
  return {
    label: 'Being set up',
    title: isLate
      ? 'The promised time is over'
      : `${isRenter ? 'Your' : 'The'} machine is being made`,
    text: isLate
      ? `It was not ready in time. The rental is about to end by itself, and everything ${who} paid goes back.`
      : `Each step is below. If it is not ready in time, everything ${who} paid goes back by itself.`,
    tone: isLate ? 'warn' : 'info',
    deadline: { label: 'Ready at the latest', atMs },
  };
}

function active(state: In<'Active'>, { isDown = false, viewer }: HeadlineInput): Headline {
  const deadline = { label: 'Paid until', atMs: msOfNs(state.ends_at_ns) };
  const [operation] = state.operation;
  if (operation !== undefined) return { ...operating(operation), deadline };
  if ('Off' in state.power) {
    return {
      label: 'Switched off',
      title: 'The machine is switched off',
      text: 'The paid time goes on while it is off. Off time does not count against the uptime.',
      tone: 'plain',
      deadline,
    };
  }
  if (isDown) {
    return {
      label: 'Not answering',
      title: 'The machine runs, but it does not answer',
      text:
        'What was tried is under Uptime. Time in which it is down is not billed, and counts ' +
        'against the uptime that the seller promised.',
      tone: 'bad',
      deadline,
    };
  }
  return {
    label: 'Running',
    title: 'Running',
    text:
      viewer === 'renter'
        ? 'The machine is yours. How to reach it is below.'
        : 'The machine runs for its renter.',
    tone: 'good',
    deadline,
  };
}

type Operating = Omit<Headline, 'deadline'>;

const POWER_TITLES = {
  On: 'The machine is being switched on',
  Off: 'The machine is being switched off',
  Reboot: 'The machine is being restarted',
} as const;

function operating(operation: Rental.RentalOperation): Operating {
  const tone = 'info';
  if ('Power' in operation) {
    return {
      label: 'Working',
      title: POWER_TITLES[armOf(operation.Power.action)],
      text: 'This takes a minute as a rule. The paid time goes on, and checks pause meanwhile.',
      tone,
    };
  }
  if ('RotateSshKeys' in operation) {
    return {
      label: 'Working',
      title: 'The SSH keys are being replaced',
      text: 'Until it is done the keys from before may still work. What runs is not touched.',
      tone,
    };
  }
  const { from, to } = operation.UpgradeRecipe;
  return {
    label: 'Upgrading',
    title: `${to.name} is being upgraded: ${from.semver} → ${to.semver}`,
    text: 'If the new version is not healthy afterwards, the old one is put back by itself.',
    tone,
  };
}

function ending(state: In<'Ending'>, { rental, viewer }: HeadlineInput): Headline {
  const [dueAt] = rental.due_at_ns;
  const isGone = state.machine_gone_at_ns.length > 0;
  const isSettled = state.money_settled_at_ns.length > 0;
  const next = !isGone
    ? 'The machine is being deleted: that is repeated until the cloud confirms it.'
    : isSettled
      ? 'The machine is gone and the money is settled.'
      : 'The machine is gone. The rest of the money is settled when nothing can be disputed any more.';
  return {
    label: 'Ending',
    title: CAUSE_WORDS[armOf(state.ending.cause)],
    text: `${reasonFor(state.ending, viewer)} ${next}`,
    tone: 'warn',
    deadline: dueAt === undefined ? undefined : { label: 'Looked at again', atMs: msOfNs(dueAt) },
  };
}

function closed(state: In<'Closed'>, viewer: Viewer): Headline {
  return {
    label: 'Closed',
    title: CAUSE_WORDS[armOf(state.ending.cause)],
    text: `${reasonFor(state.ending, viewer)} It is closed: the machine is gone and the money is settled.`,
    tone: 'plain',
    deadline: undefined,
  };
}

/** The canister speaks to the renter; others read it as what the renter was told. */
function reasonFor({ reason }: Rental.RentalEnding, viewer: Viewer): string {
  return viewer === 'renter' ? reason : `The renter was told: “${reason}”`;
}

/** `2 h 5 min left`, `ended 3 min ago`. */
export function leftText(atMs: number, nowMs: number): string {
  const seconds = (atMs - nowMs) / 1_000;
  return seconds >= 0 ? `${durationText(seconds)} left` : `${durationText(-seconds)} ago`;
}

/** `cx23 · fsn1 · 2 cores, 4 GB memory, 40 GB disk`. */
export function machineText(machine: Rental.MachineSpec): string {
  const memory = (machine.memory_mb / 1_024).toLocaleString('en', { maximumFractionDigits: 1 });
  const cores = `${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`;
  return `${machine.machine_type} · ${machine.location} · ${cores}, ${memory} GB memory, ${machine.disk_gb} GB disk`;
}
