import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account } from '../../core/accounts/account.ts';
import { isAgeSealed } from '../../core/accounts/age.ts';
import { parseSshKey, sshKeyLine } from '../../core/accounts/ssh-key.ts';
import type { RentalInputs } from '../../core/recipes/inputs.ts';
import type { RecipeVersion } from '../../core/recipes/recipe.ts';
import type { RentalError } from '../rental-errors.ts';

const MAX_KEYS = 10;
const FINGERPRINT = 'SHA256:';
const MAX_SEALED_BYTES = 16_384;

/**
 * The lines of authorized_keys that are asked for: each is a line itself, or the fingerprint of a key
 * of the account. One to ten, each once.
 */
export function chosenKeys(
  account: Account,
  asked: readonly string[],
): Result<readonly string[], RentalError> {
  const argument = 'ssh_keys';
  if (asked.length < 1 || asked.length > MAX_KEYS) {
    const rule = `must be 1 to ${MAX_KEYS}: without a key nobody could sign in. Nothing was taken`;
    return invalidArgument({ argument, rule });
  }
  const lines = new Map<string, string>();
  for (const one of asked) {
    const key = one.startsWith(FINGERPRINT) ? ownKey(account, one) : parseSshKey(one);
    if (key.kind === 'err') return invalidArgument({ argument, rule: key.error });
    lines.set(key.value.fingerprint, sshKeyLine(key.value));
  }
  return ok([...lines.values()]);
}

function ownKey({ sshKeys }: Account, fingerprint: string): ReturnType<typeof parseSshKey> {
  const key = sshKeys.find((one) => one.fingerprint === fingerprint);
  if (key !== undefined) return ok(key);
  return {
    kind: 'err',
    error: 'names a fingerprint that no key of your account has: add it, or send its whole line',
  };
}

/** Secrets that the recipe takes are given sealed, and nothing else is. */
export function checkSealed(
  sealed: Uint8Array | undefined,
  { secretNames }: RentalInputs,
): Result<Uint8Array | undefined, RentalError> {
  const argument = 'sealed_secrets';
  if (sealed === undefined) {
    if (secretNames.length === 0) return ok(undefined);
    const rule = `must hold ${secretNames.join(', ')}, sealed to the agent's age recipient`;
    return invalidArgument({ argument, rule });
  }
  if (sealed.length > MAX_SEALED_BYTES) {
    return invalidArgument({ argument, rule: `must be at most ${MAX_SEALED_BYTES} bytes` });
  }
  if (secretNames.length === 0) {
    return invalidArgument({ argument, rule: 'the recipe was given no secret: leave it out' });
  }
  if (!isAgeSealed(sealed)) {
    const rule = 'must be sealed with age: what can be read here is not stored';
    return invalidArgument({ argument, rule });
  }
  return ok(sealed);
}

/** A machine's secrets are sealed to the renter; without a key of theirs nobody could read them. */
export function checkRecipient(
  { ageRecipient }: Account,
  version: RecipeVersion | undefined,
): Result<null, RentalError> {
  const makesSecrets =
    version?.fields.some(({ fieldType: type }) => type.kind === 'generated-secret') ?? false;
  if (ageRecipient !== undefined || !makesSecrets) return ok(null);
  const rule =
    'the recipe makes passwords and seals them to you: set the age key of your account first. ' +
    'Nothing was taken';
  return invalidArgument({ argument: 'offering_id', rule });
}

export interface Setup {
  readonly sshKeys: readonly string[];
  readonly sealed: Uint8Array | undefined;
}

/** Everything that the machine is set up with besides the inputs. */
export function checkSetup(
  account: Account,
  asked: {
    readonly sshKeys: readonly string[];
    readonly sealedSecrets: Uint8Array | undefined;
    readonly inputs: RentalInputs;
    readonly version: RecipeVersion | undefined;
  },
): Result<Setup, RentalError> {
  return andThen(checkRecipient(account, asked.version), () =>
    andThen(chosenKeys(account, asked.sshKeys), (sshKeys) =>
      andThen(checkSealed(asked.sealedSecrets, asked.inputs), (sealed) => ok({ sshKeys, sealed })),
    ),
  );
}
