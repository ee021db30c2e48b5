import type { TimestampNs } from '@decent-cloud/domain/time.ts';

export type Arch = 'x86' | 'arm';

/** A place where a cloud has machines. */
export interface CloudLocation {
  /** As the cloud names it: `fsn1`. */
  readonly name: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** The cloud's own larger area: `eu-central`. */
  readonly zone: string;
}

/** One machine type in one place. */
export interface TypeAtLocation {
  readonly location: string;
  /** The only stock signal: a price or a missing deprecation says nothing. */
  readonly isAvailable: boolean;
  /** From then on it cannot be ordered any more. */
  readonly unavailableAfter: TimestampNs | undefined;
  /** Per month and net, exact decimal text in the catalogue's currency. For information. */
  readonly pricePerMonth: string;
}

/** What a cloud account can order. */
export interface MachineType {
  /** As the cloud names it: `cx23`. */
  readonly name: string;
  readonly arch: Arch;
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  readonly at: readonly TypeAtLocation[];
}

export interface MachineImage {
  /** As the cloud names it: `ubuntu-24.04`. */
  readonly name: string;
  readonly archs: readonly Arch[];
  readonly unavailableAfter: TimestampNs | undefined;
}

/** One of the machines that an offer may be served with; the first that can be had is taken. */
export interface MachineChoice {
  readonly machineType: string;
  readonly location: string;
  readonly image: string;
}

/** A choice with what the catalogue said about it when it was frozen. */
export interface MachineSpec extends MachineChoice {
  readonly arch: Arch;
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  readonly country: string;
}
