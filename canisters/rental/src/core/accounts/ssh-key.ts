import { sha256 } from '@decent-cloud/domain/sha256.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { SshKey } from './account.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { checkSshBlob, SSH_KEY_TYPES } from './ssh-blob.ts';

/** Longer than a line with the largest key that is taken. */
const MAX_LINE_LENGTH = 2_000;
const MAX_COMMENT_LENGTH = 64;
const PRIVATE_KEY = 'PRIVATE KEY-----';

/** A key as its line says it. */
export type ParsedSshKey = Pick<SshKey, 'type' | 'blob' | 'fingerprint' | 'comment'>;

/**
 * Reads one line of an `authorized_keys` file: type, key, comment. Nothing may stand before the type:
 * options could run commands. An error is the rule that the line breaks.
 */
export function parseSshKey(raw: string): Result<ParsedSshKey, string> {
  if (raw.includes(PRIVATE_KEY)) {
    return err(
      'is a private key: nobody but you may have it. It was not stored, but it has left your ' +
        'machine: make a new pair, and send the line of the file that ends in .pub',
    );
  }
  if (raw.length > MAX_LINE_LENGTH) return err(`must be at most ${MAX_LINE_LENGTH} characters`);
  const line = raw.trim();
  if (line.includes('\n') || line.includes('\r'))
    return err('must be one line: add keys one by one');
  const [type = '', body = '', ...comment] = line.split(/[ \t]+/);
  if (!SSH_KEY_TYPES.includes(type)) {
    return err(`must begin with one of ${SSH_KEY_TYPES.join(', ')}, without options before it`);
  }
  const blob = decodeBase64(body);
  if (blob === undefined || blob.length === 0) {
    return err('must have the whole key in base64 after its type');
  }
  const checked = checkSshBlob(type, blob);
  if (checked.kind === 'err') return err(`the key ${checked.error}: copy the whole line again`);
  return ok({
    type,
    blob,
    fingerprint: fingerprintOf(blob),
    comment: printableComment(comment.join(' ')),
  });
}

/** As a line of `authorized_keys`. */
export function sshKeyLine({ type, blob, comment }: ParsedSshKey): string {
  return `${type} ${encodeBase64(blob)}${comment === '' ? '' : ` ${comment}`}`;
}

/** `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it. */
function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${encodeBase64(sha256(blob)).replaceAll('=', '')}`;
}

/** Cut to 64 characters, without anything that a terminal obeys or that cannot be seen. */
function printableComment(raw: string): string {
  const visible = raw.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(visible).slice(0, MAX_COMMENT_LENGTH).join('').trim();
}
