import type { Principal } from '@dfinity/principal';
import type { BasisPoints } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RecipeId } from '../ids.ts';
import type { Arch } from '../market/catalogue.ts';

/** What an author sets about a recipe and may change. The name is for ever. */
export interface RecipeInput {
  readonly description: string;
  /** One emoji, or empty. */
  readonly icon: string;
  readonly tags: readonly string[];
  /** The author's share of what vests, for rentals made from then on. */
  readonly authorBps: BasisPoints;
}

export interface Recipe extends RecipeInput {
  readonly id: RecipeId;
  readonly author: AccountId;
  /** Gets the author's share, for rentals made from then on; a login of the author. */
  readonly payee: Principal;
  readonly name: string;
  readonly versionCount: number;
  readonly isDeprecated: boolean;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}

/** What a renter is asked for. Names are environment variables of the script: `[A-Z][A-Z0-9_]*`. */
export interface RecipeField {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly isRequired: boolean;
  readonly fieldType: FieldType;
}

export type FieldType =
  | { readonly kind: 'text'; readonly default: string; readonly maxLength: number }
  /** Whole. */
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'choice'; readonly options: readonly string[]; readonly default: string }
  /** Sealed by the renter to the agent's age recipient; the canister sees no plaintext. */
  | { readonly kind: 'secret' }
  /** Made by the bridge and sealed to the renter. */
  | { readonly kind: 'generated-secret'; readonly length: number }
  | { readonly kind: 'port'; readonly default: number };

/** A port that is the default of a port field stands for what the renter chose: `healthWith`. */
export type HealthCheck =
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly path: string;
      readonly status: number;
      /** Must be in the body, if not empty. */
      readonly contains: string;
    }
  | { readonly kind: 'tcp'; readonly port: number }
  /** Exit code 0 is healthy. */
  | { readonly kind: 'command'; readonly command: string };

export interface MinMachine {
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  /** Any if empty. */
  readonly archs: readonly Arch[];
}

/** What an author publishes; never changed afterwards. */
export interface VersionInput {
  /** Semver without build metadata: `1.4.2`. */
  readonly semver: string;
  /** UTF-8, at most 64 KiB. */
  readonly script: string;
  /** Undoes an upgrade to this version; the previous version's script is run if there is none. */
  readonly rollbackScript: string | undefined;
  readonly fields: readonly RecipeField[];
  readonly minMachine: MinMachine;
  /** Image names; any if empty. */
  readonly images: readonly string[];
  readonly health: HealthCheck;
  /** `http://{ip}:{PORT}/`, or empty: `{ip}`, `{hostname}` and names of fields are filled in. */
  readonly serviceUrl: string;
  readonly postInstallNotes: string;
  readonly changelog: string;
  readonly isBreaking: boolean;
  readonly expectedDowntimeNs: DurationNs;
}

export type VersionStatus =
  | { readonly kind: 'published' }
  | { readonly kind: 'deprecated'; readonly reason: string }
  /** No new rentals and no upgrades to it; what runs is not touched. */
  | { readonly kind: 'yanked'; readonly reason: string };

export type Sha256Hex = string;

/** A published version; scripts are kept by their hash. */
export interface RecipeVersion extends Omit<VersionInput, 'script' | 'rollbackScript'> {
  readonly recipeId: RecipeId;
  /** 0, 1, 2, … in the order of publishing. */
  readonly number: number;
  readonly scriptSha256: Sha256Hex;
  readonly scriptBytes: number;
  readonly rollbackSha256: Sha256Hex | undefined;
  readonly status: VersionStatus;
  readonly publishedAt: TimestampNs;
}

/** A version as a rental holds it. */
export interface VersionRef {
  readonly recipeId: RecipeId;
  readonly number: number;
  readonly name: string;
  readonly semver: string;
  readonly scriptSha256: Sha256Hex;
}
