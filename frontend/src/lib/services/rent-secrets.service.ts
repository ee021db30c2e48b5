import type { Rental } from '../api/wire.ts';
import { secretBytes, type FieldValues } from './rent-fields.service.ts';
import { sealTo } from './seal.service.ts';

/**
 * A recipe's secrets as only the agent that works the machine can open them. Throws, in words, while
 * the agent has not said what to seal to.
 */
export async function sealSecrets(
  recipient: string | undefined,
  typed: { readonly fields: readonly Rental.RecipeField[]; readonly secrets: FieldValues },
): Promise<Uint8Array> {
  if (recipient === undefined) {
    throw new Error(
      'The seller’s agent has not said yet which key secrets are sealed to, so they were not sent.',
    );
  }
  return sealTo(recipient, secretBytes(typed.fields, typed.secrets));
}
