import {
  bool,
  count,
  list,
  literals,
  nanoseconds,
  nat,
  nat16,
  nat32,
  optional,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { SlaRow } from '../../core/market/offering.ts';
import type { InputValue, RentalInputs } from '../../core/recipes/inputs.ts';
import type {
  EndCause,
  Ending,
  Operation,
  Period,
  PowerAction,
  Rental,
  RentalState,
  ServerRecord,
} from '../../core/rentals/rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import type {
  RentalRow,
  RentalView,
  RowPage,
  ServerRow,
} from '../../flows/rentals/rental-views.ts';
import { machineSpec } from './catalogue-wire.ts';
import { versionRef } from './job-wire.ts';
import { backend } from './provider-wire.ts';

export const inputs = record<RentalInputs>({
  values: list(record<InputValue>({ name: text, value: text })),
  secretNames: list(text),
});

export const powerAction = literals<PowerAction>(['on', 'off', 'reboot']);

const ending = record<Ending>({
  cause: literals<EndCause>([
    'renter-cancelled',
    'provider-cancelled',
    'term-ended',
    'not-provisioned',
    'provider-failed',
    'dispute-decided',
    'payment-failed',
  ]),
  reason: text,
  at: nanoseconds,
});

const of = { jobId: count, since: nanoseconds, deadlineAt: nanoseconds };
const operation = union<Operation>({
  power: { ...of, action: powerAction },
  'rotate-ssh-keys': of,
  'upgrade-recipe': { ...of, from: versionRef, to: versionRef },
});

const state = union<RentalState>({
  quoted: { expiresAt: nanoseconds },
  'awaiting-payment': { since: nanoseconds, deadlineAt: nanoseconds, isCancelAsked: bool },
  provisioning: { since: nanoseconds, deadlineAt: nanoseconds },
  active: {
    since: nanoseconds,
    endsAt: nanoseconds,
    power: literals<'on' | 'off'>(['on', 'off']),
    operation: optional(operation),
  },
  ending: {
    since: nanoseconds,
    ending,
    machineGoneAt: optional(nanoseconds),
    moneySettledAt: optional(nanoseconds),
  },
  closed: { at: nanoseconds, ending },
});

const stateKind = literals<RentalState['kind']>([
  'quoted',
  'awaiting-payment',
  'provisioning',
  'active',
  'ending',
  'closed',
]);

const period = record<Period>({
  escrowId: count,
  status: literals<Period['status']>(['quoted', 'paid', 'running', 'ended', 'settled', 'lapsed']),
  termNs: nanoseconds,
  amount: nat,
  quoteExpiresAt: nanoseconds,
  startedAt: optional(nanoseconds),
  factSeq: count,
});

/** A rental as it is now. */
export const rental = record<Rental>({
  id: count,
  renter: count,
  payer: principal,
  provider: count,
  cloudAccountId: count,
  offeringId: count,
  state,
  periods: list(period),
  deployment: optional(versionRef),
  choiceIndex: nat32,
  server: optional(
    record<ServerRecord>({ name: text, externalId: optional(text), intendedAt: nanoseconds }),
  ),
  skippedVersion: optional(nat32),
  dueAt: optional(nanoseconds),
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
});

/** What was agreed. */
export const frozenTerms = record<FrozenTerms>({
  rentalId: count,
  offeringId: count,
  offeringTitle: text,
  renter: count,
  payer: principal,
  provider: count,
  providerPrincipal: principal,
  cloudAccountId: count,
  backend,
  choices: list(machineSpec),
  recipe: optional(versionRef),
  author: optional(count),
  authorPrincipal: optional(principal),
  ledger: principal,
  pricePerMonthUsdE8: nat,
  termNs: nanoseconds,
  totalUsdE8: nat,
  platformBps: nat16,
  authorBps: nat16,
  slaCredits: list(record<SlaRow>({ belowPpm: nat32, creditBps: nat16 })),
  noticeNs: nanoseconds,
  provisionWithinNs: nanoseconds,
  providerPenaltyBps: nat16,
  frozenAt: nanoseconds,
});

export const rentalView = record<RentalView>({
  rental,
  terms: frozenTerms,
  sshKeys: list(text),
});

const rentalRow = record<RentalRow>({
  rentalId: count,
  title: text,
  state,
  renter: count,
  provider: count,
  backend,
  machine: machineSpec,
  recipe: optional(text),
  termNs: nanoseconds,
  createdAt: nanoseconds,
});
export const rentalPage = record<RowPage<RentalRow>>({
  rows: list(rentalRow),
  next: optional(count),
});

const serverRow = record<ServerRow>({
  rentalId: count,
  state: stateKind,
  serverName: optional(text),
  externalId: optional(text),
});
export const serverPage = record<RowPage<ServerRow>>({
  rows: list(serverRow),
  next: optional(count),
});
