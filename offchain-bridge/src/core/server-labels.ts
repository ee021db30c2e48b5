import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import type { MachineSpec } from './job-work.ts';
import type { RentalRef } from './server-name.ts';

export type ServerLabels = Readonly<Record<string, string>>;

const MANAGED_BY = 'decent-cloud';
const SPEC_DIGITS = 40;

/** What a cloud is asked for, besides the labels. */
export interface ServerBody {
  readonly name: string;
  readonly machine: MachineSpec;
  readonly userData: string;
}

/**
 * Tells a server from everybody else's, for whose rental it is, which machine of the offer it is, and
 * what it was made of. Values are at most 63 characters that every cloud takes.
 */
export function labelsFor(
  rental: RentalRef,
  made: { readonly choiceIndex: number; readonly body: ServerBody },
): ServerLabels {
  return {
    'managed-by': MANAGED_BY,
    'dc-installation': rental.installation,
    'dc-rental': rental.rentalId.toString(),
    'dc-choice': made.choiceIndex.toString(),
    'dc-spec': specHash(made.body),
  };
}

/** What every server has that a bridge made: for any installation, or for one. */
export function managedLabels(installation?: string): ServerLabels {
  const all = { 'managed-by': MANAGED_BY };
  return installation === undefined ? all : { ...all, 'dc-installation': installation };
}

/** Whether this marketplace made it. What is not ours is never touched. */
export function isOurs(labels: ServerLabels, installation: string): boolean {
  return labels['managed-by'] === MANAGED_BY && labels['dc-installation'] === installation;
}

/** Whether this marketplace made it for that rental. */
export function isOfRental(labels: ServerLabels, rental: RentalRef): boolean {
  const isRental = labels['dc-rental'] === rental.rentalId.toString();
  return isRental && isOurs(labels, rental.installation);
}

/** Which machine of the offer it is; undefined if its labels do not say. */
export function choiceOf(labels: ServerLabels): number | undefined {
  const text = labels['dc-choice'];
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function specHash({ name, machine, userData }: ServerBody): string {
  const { machineType, location, image } = machine;
  const text = JSON.stringify([name, machineType, location, image, userData]);
  return sha256Hex(text).slice(0, SPEC_DIGITS);
}
