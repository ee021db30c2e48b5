import { inspect } from 'node:util';
import type { RentalId } from '../src/core/ids.ts';
import type { ErrorClass } from '../src/core/job-report.ts';
import { labelsFor } from '../src/core/server-labels.ts';
import { serverNameOf } from '../src/core/server-name.ts';
import { WorkError } from '../src/core/work-error.ts';
import type { ServerSpec } from '../src/ports/cloud.port.ts';

export const INSTALLATION = 'market';

export function nameOf(rental: number): string {
  return serverNameOf({ installation: INSTALLATION, rentalId: rental as RentalId });
}

export function specOf(rental: number, machine: ServerSpec['machine']): ServerSpec {
  const ref = { installation: INSTALLATION, rentalId: rental as RentalId };
  const body = { name: nameOf(rental), machine, userData: '#cloud-config\n' };
  return { ...body, labels: labelsFor(ref, { choiceIndex: 0, body }) };
}

export async function failureOf(failing: Promise<unknown>): Promise<WorkError> {
  const outcome: unknown = await failing.then(
    () => 'it went well',
    (error: unknown) => error,
  );
  if (outcome instanceof WorkError) return outcome;
  throw new Error(`no WorkError: ${inspect(outcome)}`);
}

export async function classOf(failing: Promise<unknown>): Promise<ErrorClass> {
  return (await failureOf(failing)).class;
}

/** Of somebody who does not give up. */
export function patience(): AbortSignal {
  return new AbortController().signal;
}

export function nothing(): Promise<void> {
  return Promise.resolve();
}
