import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bool,
  number,
  list,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import type { CloudAccountId, EscrowId, JobId, OfferingId, RecipeId } from '../../core/ids.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
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

const time = bigint<TimestampNs>();

const versionRefFields: Fields<VersionRef> = {
  recipeId: plainAs<RecipeId>(),
  number,
  name: text,
  semver: text,
  scriptSha256: text,
};
/** A recipe's version as terms and rentals hold it. */
export const versionRef = record(versionRefFields);

const of = { jobId: plainAs<JobId>(), since: time, deadlineAt: time };
const operation = union<Operation>({
  power: { ...of, action: plainAs<PowerAction>() },
  'rotate-ssh-keys': of,
  'upgrade-recipe': { ...of, from: versionRef, to: versionRef },
});

const endingFields: Fields<Ending> = { cause: plainAs<EndCause>(), reason: text, at: time };
const ending = record(endingFields);

const state = union<RentalState>({
  quoted: { expiresAt: time },
  'awaiting-payment': { since: time, deadlineAt: time, isCancelAsked: bool },
  provisioning: { since: time, deadlineAt: time },
  active: {
    since: time,
    endsAt: time,
    power: plainAs<'on' | 'off'>(),
    operation: optional(operation),
  },
  ending: {
    since: time,
    ending,
    machineGoneAt: optional(time),
    moneySettledAt: optional(time),
  },
  closed: { at: time, ending },
});

const periodFields: Fields<Period> = {
  escrowId: plainAs<EscrowId>(),
  status: plainAs<Period['status']>(),
  termNs: bigint<DurationNs>(),
  amount: bigint<TokenUnits>(),
  quoteExpiresAt: time,
  startedAt: optional(time),
  factSeq: number,
};

const serverFields: Fields<ServerRecord> = {
  name: text,
  externalId: optional(text),
  intendedAt: time,
};

export const rentalFields: Fields<Rental> = {
  id: plainAs<RentalId>(),
  renter: plainAs<AccountId>(),
  payer: principal,
  provider: plainAs<AccountId>(),
  cloudAccountId: plainAs<CloudAccountId>(),
  offeringId: plainAs<OfferingId>(),
  state,
  periods: list(record(periodFields)),
  deployment: optional(versionRef),
  choiceIndex: number,
  server: optional(record(serverFields)),
  skippedVersion: optional(number),
  dueAt: optional(time),
  createdAt: time,
  updatedAt: time,
};
