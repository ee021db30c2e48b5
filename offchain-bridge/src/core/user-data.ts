import { Document, Scalar } from 'yaml';
import { DOOR_PATH, doorLine, doorScript } from './door-script.ts';
import { renterLine } from './renter-keys-script.ts';
import { WorkError } from './work-error.ts';

/** The most that clouds take. Source: Hetzner Cloud API, create a server, `user_data`. */
const MAX_BYTES = 32 * 1_024;
/** Hetzner lets the root password of servers without registered keys expire, which blocks logins. */
const NO_EXPIRY = 'chage -d "$(date +%Y-%m-%d)" -I -1 -M -1 -E -1 root || :';

/** Who may enter a new machine, and by which key it is known. */
export interface MachineSetup {
  /** Lines of `authorized_keys` without options. */
  readonly renterKeys: readonly string[];
  readonly hostKey: {
    /** OpenSSH's own format. */
    readonly privateKey: string;
    readonly publicLine: string;
  };
  readonly doorPublicLine: string;
}

/**
 * What cloud-init does at the first boot. Always the same for the same setup; ASCII only. Throws a
 * `config` error if it would be more than 32 KiB, or if a key is no line of `authorized_keys`.
 * Source: cloud-init, modules SSH, Users and Groups, Set Passwords, Write Files.
 */
export function userData({ renterKeys, hostKey, doorPublicLine }: MachineSetup): string {
  const document = new Document(
    {
      disable_root: false,
      ssh_pwauth: false,
      chpasswd: { expire: false },
      ssh_deletekeys: true,
      ssh_keys: {
        ed25519_private: block(hostKey.privateKey),
        ed25519_public: hostKey.publicLine,
      },
      // Without the image's own user: nobody else is let in.
      users: [
        {
          name: 'root',
          lock_passwd: false,
          ssh_authorized_keys: [...renterKeys.map(renterLine), doorLine(doorPublicLine)],
        },
      ],
      write_files: [
        {
          path: DOOR_PATH,
          owner: 'root:root',
          permissions: '0755',
          content: block(doorScript()),
        },
      ],
      runcmd: [NO_EXPIRY],
    },
    { version: '1.1' },
  );
  const yaml = document.toString({
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
  // What is not ASCII stands in quoted strings only, where it may be escaped.
  const text = `#cloud-config\n${yaml.replaceAll(/[^\n\x20-\x7e]/gu, escaped)}`;
  if (text.length <= MAX_BYTES) return text;
  throw new WorkError(
    'config',
    `The renter's SSH keys are too long for a new machine: ${text.length} of ${MAX_BYTES} bytes. ` +
      'Fewer or shorter keys fit.',
  );
}

function block(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return String.raw`\U` + code.toString(16).padStart(8, '0');
}
