import { describe, expect, it } from 'vitest';
import { bellName, KIND_WORDS, kindWords, unreadText } from './notification.service.ts';

describe('kindWords', () => {
  it('has words for every kind, and for those of tomorrow', () => {
    expect(Object.keys(KIND_WORDS)).toHaveLength(15);
    expect(kindWords([{ RentalDown: null }])).toMatchObject({ label: 'Down', tone: 'bad' });
    expect(kindWords([]).label).toBe('News');
  });
});

describe('the bell', () => {
  it('shows a number only if there is one', () => {
    expect([0n, 7n, 99n, 500n].map(unreadText)).toEqual(['', '7', '99', '99+']);
    expect(bellName(undefined)).toBe('Notifications, none unread');
    expect(bellName(3n)).toBe('Notifications, 3 unread');
  });
});
