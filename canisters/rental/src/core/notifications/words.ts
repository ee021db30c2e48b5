import { formatDecimal, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import { durationText, localTime } from '@decent-cloud/domain/utc-time.ts';
import type { NoticeKind } from '../rentals/rental-event.ts';

/** What a message says: what happened with its number, and what to do. */
export interface NoticeWords {
  readonly subject: string;
  readonly body: string;
}

/** Which rental; `title` is the offer's. */
export interface RentalFacts {
  readonly rentalId: RentalId;
  readonly title: string;
}

/** What each kind of message needs. Reasons are sentences in plain words, never an API's text. */
export interface NoticeFacts {
  readonly 'rental-paid': RentalFacts & {
    readonly totalUsdE8: UsdE8;
    readonly readyBy: TimestampNs;
  };
  readonly 'rental-ready': RentalFacts & {
    readonly afterNs: DurationNs;
    readonly endsAt: TimestampNs;
  };
  readonly 'rental-failed': RentalFacts & { readonly reason: string };
  readonly 'rental-ending-soon': RentalFacts & {
    readonly endsAt: TimestampNs;
    readonly leftNs: DurationNs;
  };
  readonly 'rental-ended': RentalFacts & { readonly reason: string };
  readonly 'rental-closed': RentalFacts;
  readonly 'rental-down': RentalFacts & {
    readonly since: TimestampNs;
    /** What was tried and what came back. */
    readonly check: string;
  };
  readonly 'rental-up': RentalFacts & { readonly downNs: DurationNs };
  readonly 'deletion-delayed': RentalFacts & { readonly sinceNs: DurationNs };
  readonly 'recipe-upgraded': RentalFacts & { readonly from: string; readonly to: string };
  readonly 'recipe-rolled-back': RentalFacts & {
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  };
  readonly 'operation-failed': RentalFacts & {
    /** `the restart`, `the change of SSH keys`. */
    readonly operation: string;
    readonly reason: string;
  };
  readonly 'cloud-account-invalid': { readonly label: string; readonly reason: string };
  readonly 'sla-unproven': RentalFacts & { readonly unknownPpm: number };
  readonly 'stray-deleted': {
    /** Of the cloud account. */
    readonly label: string;
    readonly name: string;
    readonly externalId: string;
    /** That its label named. */
    readonly rentalId: RentalId | undefined;
    readonly firstSeenAt: TimestampNs;
    readonly deletedAt: TimestampNs;
  };
}

const USD_DECIMALS = 8;
const PPM_PER_TENTH_OF_PERCENT = 1_000;

/** Subject and body of a message. */
export function noticeWords<Kind extends NoticeKind>(
  kind: Kind,
  facts: NoticeFacts[Kind],
): NoticeWords {
  return WORDS[kind](facts);
}

const WORDS: { readonly [Kind in NoticeKind]: (facts: NoticeFacts[Kind]) => NoticeWords } = {
  'rental-paid': (facts) => ({
    subject: `Paid ${usd(facts.totalUsdE8)}: ${nameOf(facts)}`,
    body:
      `${usd(facts.totalUsdE8)} is held for ${nameOf(facts)}, and your machine is being made. If it is ` +
      `not ready by ${utc(facts.readyBy)}, everything goes back to you. Open the rental to watch.`,
  }),
  'rental-ready': (facts) => ({
    subject: `Ready after ${durationText(facts.afterNs)}: ${nameOf(facts)}`,
    body:
      `Your machine is ready after ${durationText(facts.afterNs)} and paid until ` +
      `${utc(facts.endsAt)}. Open the rental for its address and how to sign in.`,
  }),
  'rental-failed': (facts) => ({
    subject: `Not delivered: ${nameOf(facts)}`,
    body:
      `${facts.reason} The whole deposit goes back to you in the token that you paid with. Open the ` +
      'rental to see the refund, or choose another offer.',
  }),
  'rental-ending-soon': (facts) => ({
    subject: `Ends in ${durationText(facts.leftNs)}: ${nameOf(facts)}`,
    body:
      `${nameOf(facts)} ends at ${utc(facts.endsAt)}. Its machine and all data on it are deleted then. ` +
      'Extend the rental to keep it, or save your data before.',
  }),
  'rental-ended': (facts) => ({
    subject: `Ended: ${nameOf(facts)}`,
    body:
      `${facts.reason} The machine is being deleted, and what you paid for time that was not used ` +
      'goes back to you. Open the rental to see the amounts.',
  }),
  'rental-closed': (facts) => ({
    subject: `Closed: ${nameOf(facts)}`,
    body:
      'The cloud confirmed that the machine is gone, and all money of the rental is settled. There is ' +
      'nothing left to do; open the rental for the final amounts.',
  }),
  'rental-down': (facts) => ({
    subject: `Down: ${nameOf(facts)}`,
    body:
      `${nameOf(facts)} has not answered since ${utc(facts.since)}. ${facts.check} You do not pay for ` +
      'this time. Open the rental to see the checks; you will hear when it answers again.',
  }),
  'rental-up': (facts) => ({
    subject: `Up again after ${durationText(facts.downNs)}: ${nameOf(facts)}`,
    body:
      `${nameOf(facts)} answers again after ${durationText(facts.downNs)}. You do not pay for the time ` +
      'in which it was down. Open the rental to see the checks.',
  }),
  'deletion-delayed': (facts) => ({
    subject: `Not deleted for ${durationText(facts.sinceNs)}: ${nameOf(facts)}`,
    body:
      `The cloud has not confirmed for ${durationText(facts.sinceNs)} that the machine of ` +
      `${nameOf(facts)} is gone. Nobody pays for it here, but the cloud may charge its owner. Look at ` +
      'the machine at the cloud; deleting goes on until it is confirmed.',
  }),
  'recipe-upgraded': (facts) => ({
    subject: `Upgraded ${facts.from} to ${facts.to}: ${nameOf(facts)}`,
    body: `Version ${facts.to} runs and passed its health check. Open the rental for the log.`,
  }),
  'recipe-rolled-back': (facts) => ({
    subject: `Still on ${facts.from}: ${nameOf(facts)}`,
    body:
      `The upgrade to ${facts.to} did not pass its health check. ${facts.reason} Version ${facts.from} ` +
      'runs again. Open the rental for the log before you try once more.',
  }),
  'operation-failed': (facts) => ({
    subject: `Failed: ${facts.operation}, ${nameOf(facts)}`,
    body:
      `${sentence(facts.operation)} failed. ${facts.reason} The rental goes on as before. Open it for ` +
      'the log, and try again.',
  }),
  'cloud-account-invalid': ({ label, reason }) => ({
    subject: `Not accepted by the cloud: ${label}`,
    body:
      `The cloud refuses the credentials of ${label}. ${reason} New rentals on it fail and go back to ` +
      'their renters. Replace the credentials of the cloud account.',
  }),
  'sla-unproven': (facts) => ({
    subject: `${percent(facts.unknownPpm)} not measured: ${nameOf(facts)}`,
    body:
      `${percent(facts.unknownPpm)} of the time of ${nameOf(facts)} was not measured; above 5 % the ` +
      'uptime is not settled by itself. Agree on the amount with the other side, or open a dispute, ' +
      'before the settlement is due.',
  }),
  'stray-deleted': ({ label, name, externalId, rentalId, firstSeenAt, deletedAt }) => ({
    subject: `Deleted, no rental had it: ${name}`,
    body:
      `The server ${name} (${externalId}) of ${label} had the labels of this marketplace, but no ` +
      `rental had it${rentalId === undefined ? '' : `: rental ${rentalId} is over or has another`}. ` +
      `It was there since ${utc(firstSeenAt)} at the latest and was deleted at ${utc(deletedAt)}. ` +
      'The cloud may charge you for the time until then. Compare its bill with the strays of the ' +
      'account.',
  }),
};

function nameOf({ rentalId, title }: RentalFacts): string {
  return `${title} (rental ${rentalId})`;
}

/** `$4.50`: at least cents, more digits where there are any. */
function usd(amount: UsdE8): string {
  const [whole = '0', fraction = ''] = formatDecimal({ amount, decimals: USD_DECIMALS }).split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/** `2026-11-23 14:24 UTC`. */
function utc(at: TimestampNs): string {
  return `${localTime(at, 0).slice(0, 'YYYY-MM-DD HH:MM'.length)} UTC`;
}

function percent(ppm: number): string {
  const tenths = Math.round(ppm / PPM_PER_TENTH_OF_PERCENT);
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
