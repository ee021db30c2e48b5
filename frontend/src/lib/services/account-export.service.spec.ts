import { describe, expect, it } from 'vitest';
import { joinExport } from './account-export.service.ts';

const AT = new Date('2026-11-23T12:00:00Z');

describe('joinExport', () => {
  it('makes one file of all parts, and one list of each list', () => {
    const parts = [
      '{"account":{"id":4},"notifications":[]}',
      '{"notifications":[1,2]}',
      '{"notifications":[3]}',
    ];
    expect(JSON.parse(joinExport(parts, AT))).toEqual({
      exported_at: '2026-11-23T12:00:00.000Z',
      account: { id: 4 },
      notifications: [1, 2, 3],
    });
  });

  it.each(['[]', 'null', '3', '{'])('refuses the part %s', (part) => {
    expect(() => joinExport([part], AT)).toThrow(/./);
  });
});
