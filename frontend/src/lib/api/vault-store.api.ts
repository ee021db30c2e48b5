import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { KeptSession } from '../services/login.service.ts';
import type { VaultEnvelope } from '../services/vault.service.ts';

/** A seed phrase on this device, encrypted. */
export interface KeptPhrase {
  readonly principalText: string;
  readonly envelope: VaultEnvelope;
  readonly addedAtMs: number;
  /** Wrong passphrases in a row, and when the next may be tried. */
  readonly failures: number;
  readonly retryAtMs: number;
}

interface Tables extends DBSchema {
  readonly phrases: { key: string; value: KeptPhrase };
  readonly sessions: { key: string; value: KeptSession };
}

const NAME = 'decent-cloud';
const VERSION = 1;
const CURRENT = 'current';

let opened: Promise<IDBPDatabase<Tables>> | undefined;

function database(): Promise<IDBPDatabase<Tables>> {
  opened ??= openDB<Tables>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('phrases', { keyPath: 'principalText' });
      db.createObjectStore('sessions');
    },
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** The oldest first. */
export async function readPhrases(): Promise<KeptPhrase[]> {
  const kept = await (await database()).getAll('phrases');
  return kept.sort((left, right) => left.addedAtMs - right.addedAtMs);
}

/** Replaces what was kept for the same principal. */
export async function writePhrase(phrase: KeptPhrase): Promise<void> {
  await (await database()).put('phrases', phrase);
}

export async function deletePhrase(principalText: string): Promise<void> {
  await (await database()).delete('phrases', principalText);
}

/** The session that is under way in this browser. */
export async function readSession(): Promise<KeptSession | undefined> {
  return (await database()).get('sessions', CURRENT);
}

export async function writeSession(kept: KeptSession): Promise<void> {
  await (await database()).put('sessions', kept, CURRENT);
}

export async function deleteSession(): Promise<void> {
  await (await database()).delete('sessions', CURRENT);
}
