import { IDL } from '@dfinity/candid';
import { idlFactory } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type {
  _SERVICE as Rental,
  ClaimedJob,
  ClaimRequest,
  JobReport,
  Lease,
  LeaseRenewal,
  ReportReceipt,
  ServiceError,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';

const METHODS = new Map(idlFactory({ IDL })._fields);

type Answer<T> = { readonly Ok: T } | { readonly Err: ServiceError };

/** What bridges ask about their jobs. */
export interface JobMethods {
  readonly claim_jobs: { readonly arg: ClaimRequest; readonly answer: Answer<ClaimedJob[]> };
  readonly report_step: { readonly arg: JobReport; readonly answer: Answer<ReportReceipt> };
  readonly renew_leases: { readonly arg: Lease[]; readonly answer: Answer<LeaseRenewal[]> };
  readonly release_job: {
    readonly arg: Lease;
    readonly answer: { Ok: null } | { Err: ServiceError };
  };
}

export type JobMethod = keyof JobMethods & keyof Rental;

const NAMES: ReadonlySet<string> = new Set<JobMethod>([
  'claim_jobs',
  'report_step',
  'renew_leases',
  'release_job',
]);

export function isJobMethod(name: string): name is JobMethod {
  return NAMES.has(name);
}

/** What was asked. Errors: throws if it is not what the contract says. */
export function decodeArg<M extends JobMethod>(method: M, arg: Uint8Array): JobMethods[M]['arg'] {
  const [value] = IDL.decode(typesOf(method).argTypes, arg);
  return value as unknown as JobMethods[M]['arg'];
}

/** What was answered. Errors: throws if it is not what the contract says. */
export function decodeAnswer<M extends JobMethod>(
  method: M,
  answer: Uint8Array,
): JobMethods[M]['answer'] {
  const [value] = IDL.decode(typesOf(method).retTypes, answer);
  return value as unknown as JobMethods[M]['answer'];
}

function typesOf(method: JobMethod): IDL.FuncClass {
  const found = METHODS.get(method);
  if (found === undefined) throw new Error(`the contract has no ${method}`);
  return found;
}
