import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openVault,
  sealVault,
  VAULT_ITERATIONS,
  waitAfterMs,
  type VaultEnvelope,
} from './vault.service.ts';

const OWNER = 'tgzar-4lpln-fq34h-6hxo4-wlm3x-6g3or-6hxvr-d6jbw-ooh2b-lzsw4-aqe';
const SECRET = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
/** The real number takes a quarter of a second each time. */
const FEW = 2;

function sealed(passphrase = 'correct horse'): Promise<VaultEnvelope> {
  const from = { principalText: OWNER, secret: SECRET, passphrase, iterations: FEW };
  return sealVault(from);
}

function changedAt(bytes: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy[index % copy.length] = (copy[index % copy.length] ?? 0) ^ 1;
  return copy;
}

describe('sealVault and openVault', () => {
  it('gives the secret back for the passphrase, and for no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (right, other) => {
        const envelope = await sealed(right);
        expect(await openVault(envelope, right)).toBe(SECRET);
        if (right.normalize('NFKC') === other.normalize('NFKC')) return;
        expect(await openVault(envelope, other)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('takes a passphrase that is typed in another form of the same characters', async () => {
    const envelope = await sealed('cafe\u0301 au lait');
    expect(await openVault(envelope, 'caf\u00e9 au lait')).toBe(SECRET);
  });

  it('opens nothing in which a bit, the owner or the cost was changed', async () => {
    const envelope = await sealed();
    const changes = fc.oneof(
      fc.nat().map((at) => ({ sealed: changedAt(envelope.sealed, at) })),
      fc.nat().map((at) => ({ iv: changedAt(envelope.iv, at) })),
      fc.nat().map((at) => ({ salt: changedAt(envelope.salt, at) })),
      fc.constant({ principalText: 'aaaaa-aa' }),
      fc.constant({ iterations: FEW + 1 }),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        expect(await openVault({ ...envelope, ...change }, 'correct horse')).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('never uses a salt or an IV twice', async () => {
    const envelopes = await Promise.all(Array.from({ length: 50 }, () => sealed()));
    const salts = new Set(envelopes.map(({ salt }) => salt.join()));
    const ivs = new Set(envelopes.map(({ iv }) => iv.join()));
    expect([salts.size, ivs.size]).toEqual([50, 50]);
    expect(envelopes[0]?.salt).toHaveLength(16);
    expect(envelopes[0]?.iv).toHaveLength(12);
  });

  it('costs 600 000 rounds, and holds the secret in no form that can be read', async () => {
    const envelope = await sealVault({ principalText: OWNER, secret: SECRET, passphrase: 'x' });
    expect(envelope.iterations).toBe(VAULT_ITERATIONS);
    expect(VAULT_ITERATIONS).toBeGreaterThanOrEqual(600_000);
    const bytes = Buffer.from(envelope.sealed).toString('latin1');
    for (const word of SECRET.split(' ')) expect(bytes).not.toContain(word);
    expect(await openVault(envelope, 'x')).toBe(SECRET);
  });
});

describe('waitAfterMs', () => {
  it('doubles from one second to a minute', () => {
    const waits = Array.from({ length: 9 }, (_, failures) => waitAfterMs(failures));
    expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(waitAfterMs(5_000)).toBe(60_000);
  });
});
