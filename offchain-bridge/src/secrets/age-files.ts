import { armor, Decrypter, Encrypter } from 'age-encryption';
import type { NamedValue } from '../core/shell-quote.ts';
import { WorkError } from '../core/work-error.ts';

/** The most that the canister takes. */
const MAX_SEALED_BYTES = 16 * 1_024;
const MAX_TOKEN = 4_096;
const MAX_SECRET = 16 * 1_024;
const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

/**
 * The token of a cloud account, which its seller sealed to this bridge.
 *
 * Errors: `auth` if it cannot be opened, or if what is in it is no token. None says what is in it.
 */
export async function openCredentials(sealed: Uint8Array, ageIdentity: string): Promise<string> {
  const opened = await openAge(sealed, ageIdentity);
  const token = opened?.trim() ?? '';
  if (opened !== undefined && token.length <= MAX_TOKEN && /^[\x21-\x7e]+$/.test(token))
    return token;
  const trouble =
    opened === undefined
      ? 'cannot be opened by its agent'
      : 'are not a token of visible characters';
  throw new WorkError(
    'auth',
    `The credentials of this cloud account ${trouble}. The seller has to seal them anew, to the ` +
      "recipient of the account's agent.",
  );
}

/**
 * What a renter sealed for a recipe: a JSON object with exactly the names that the rental says.
 *
 * Errors: `config` if it cannot be opened or is anything else. None says what is in it.
 */
export async function openRecipeSecrets(
  sealed: { readonly bytes: Uint8Array | undefined; readonly names: readonly string[] },
  ageIdentity: string,
): Promise<readonly NamedValue[]> {
  const { bytes, names } = sealed;
  if (bytes === undefined) {
    if (names.length === 0) return [];
    throw new WorkError(
      'config',
      `The secret ${names.join(', ')} of the recipe was not handed over.`,
    );
  }
  const opened = await openAge(bytes, ageIdentity);
  if (opened === undefined) {
    throw new WorkError(
      'config',
      "The recipe's secrets cannot be opened: they were sealed for another agent than the one that " +
        'works this rental, or damaged.',
    );
  }
  const secrets = namedTexts(opened);
  if (secrets === undefined) {
    throw new WorkError('config', "The recipe's secrets are no JSON object of names and texts.");
  }
  const wanted = new Set(names);
  const missing = names.filter((name) => !secrets.has(name));
  if (missing.length > 0 || secrets.size > wanted.size) {
    const trouble =
      missing.length > 0 ? `lack ${missing.join(', ')}` : 'hold more than was asked for';
    throw new WorkError('config', `The recipe's secrets ${trouble}.`);
  }
  return names.map((name) => ({ name, value: secrets.get(name) ?? '' }));
}

/**
 * Generated secrets for the renter's eyes, as JSON `{"v":1,"secrets":[{"name","value"}]}` in an age file.
 *
 * Errors: `config` if the recipient is none, or if the file would be longer than 16 KiB.
 */
export async function sealForRenter(
  secrets: readonly NamedValue[],
  recipient: string,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    const message = "The renter's age recipient is none: no credentials can be handed over.";
    throw new WorkError('config', message, { cause: error });
  }
  const sealed = await encrypter.encrypt(JSON.stringify({ v: 1, secrets }));
  if (sealed.length <= MAX_SEALED_BYTES) return sealed;
  throw new WorkError('config', 'The generated secrets of the recipe are longer than 16 KiB.');
}

/** The text in an age file, binary or armored; undefined if this identity cannot open it. */
async function openAge(sealed: Uint8Array, ageIdentity: string): Promise<string | undefined> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(ageIdentity);
  try {
    const start = Buffer.from(sealed.subarray(0, ARMOR.length)).toString('latin1');
    const file = start === ARMOR ? armor.decode(Buffer.from(sealed).toString('latin1')) : sealed;
    const bytes = await decrypter.decrypt(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The reason could say what is inside.
    return undefined;
  }
}

function namedTexts(json: string): ReadonlyMap<string, string> | undefined {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value as Record<string, unknown>);
  const texts = entries.filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[1].length <= MAX_SECRET && !entry[1].includes('\0'),
  );
  return texts.length === entries.length ? new Map(texts) : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
