import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { who } from '../testing/escrow-terms.fake.ts';
import { escrowAccount, platformAccount } from './accounts.ts';
import type { EscrowId } from './ids.ts';

describe('the treasury’s own accounts', () => {
  it.each([0, 1, 258, Number.MAX_SAFE_INTEGER])(
    'escrow %i is the hash that anybody computes',
    (id) => {
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(BigInt(id));
      const hash = createHash('sha256').update('dc-escrow-v1').update(number).digest();
      const account = escrowAccount(who.self, id as EscrowId);
      expect(account.owner).toEqual(who.self);
      expect(Buffer.from(account.subaccount ?? [])).toEqual(hash);
    },
  );

  it('the platform’s is apart from all of them', () => {
    const hash = createHash('sha256').update('dc-platform-v1').digest();
    expect(Buffer.from(platformAccount(who.self).subaccount ?? [])).toEqual(hash);
  });
});
