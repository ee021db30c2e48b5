import { describe, expect, it } from 'vitest';
import { sellerErrors, sellerFormOf, sellerInput, sellerSteps } from './seller-form.service.ts';

const FORM = {
  name: 'Ada hosting',
  description: 'Fast.\n\tAnd cheap.',
  website: 'https://ada.example.com/hosting?x=1',
  supportContact: 'help@ada.example.com',
};

describe('sellerErrors', () => {
  it('has nothing against a sound seller', () => {
    expect(sellerErrors(FORM)).toEqual({});
    expect(sellerErrors({ ...FORM, website: '', description: '' })).toEqual({});
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(65) }],
    ['name', { name: 'a\u200bb' }],
    ['description', { description: 'x'.repeat(2_001) }],
    ['description', { description: 'a\u0007b' }],
    ['website', { website: 'http://ada.example.com' }],
    ['website', { website: 'javascript:alert(1)' }],
    ['website', { website: 'https://user@ada.example.com' }],
    ['website', { website: `https://ada.example.com/${'x'.repeat(200)}` }],
    ['supportContact', { supportContact: '' }],
  ])('has words at %s for %j', (field, change) => {
    expect(Object.keys(sellerErrors({ ...FORM, ...change }))).toEqual([field]);
  });
});

describe('sellerInput', () => {
  it('is read back as the same seller', () => {
    const input = sellerInput({ ...FORM, name: ' Ada hosting ' });
    expect(input.name).toBe('Ada hosting');
    expect(sellerFormOf(input)).toEqual(FORM);
    expect(sellerErrors(sellerFormOf(undefined))).toHaveProperty('name');
  });
});

describe('sellerSteps', () => {
  const NOTHING = { isRegistered: false, hasAgent: false, hasAccount: false, hasOffer: false };
  const states = (progress: Partial<typeof NOTHING>) =>
    sellerSteps({ ...NOTHING, ...progress }).map(({ state }) => state);

  it('names the first that is not done as the next', () => {
    expect(states({})).toEqual(['next', 'later', 'later', 'later']);
    expect(states({ isRegistered: true })).toEqual(['done', 'next', 'later', 'later']);
    expect(states({ isRegistered: true, hasAccount: true })).toEqual([
      'done',
      'next',
      'done',
      'later',
    ]);
    const all = { isRegistered: true, hasAgent: true, hasAccount: true, hasOffer: true };
    expect(states(all)).toEqual(['done', 'done', 'done', 'done']);
  });
});
