import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../start-error.ts';
import { claimAddresses, type ClaimedAddresses } from './claim-addresses.ts';

let folders: string[];
let claims: ClaimedAddresses[];

beforeEach(() => {
  folders = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `addresses-${name}-`)));
  claims = [];
});

afterEach(() => {
  for (const claim of claims) claim.release();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function claim(index: number): Promise<ClaimedAddresses> {
  const claimed = await claimAddresses(folders[index] ?? '');
  claims.push(claimed);
  return claimed;
}

describe('claimAddresses', () => {
  it('gives two clouds different addresses', async () => {
    const one = await claim(0);
    const two = await claim(1);
    expect(one.prefix).toMatch(/^127\.\d+$/);
    expect(two.prefix).not.toBe(one.prefix);
  });

  it('gives a cloud the addresses that its servers have', async () => {
    const before = await claim(0);
    before.release();
    expect((await claim(0)).prefix).toBe(before.prefix);
  });

  it('refuses when another one has them meanwhile', async () => {
    await claim(0);
    await expect(claimAddresses(folders[0] ?? '')).rejects.toThrow(StartError);
  });
});
