import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/** MD5 in pairs of digits, as the API shows it; undefined if the text is no public key. */
export function fingerprintOf(publicKey: string): string | undefined {
  const key = ssh2.utils.parseKey(publicKey);
  if (key instanceof Error || key.isPrivateKey()) return undefined;
  const digest = createHash('md5').update(key.getPublicSSH()).digest('hex');
  return digest.match(/../g)?.join(':');
}
