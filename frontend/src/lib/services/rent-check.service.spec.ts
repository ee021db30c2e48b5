import { describe, expect, it } from 'vitest';
import { chosenKeys, formProblems, offerWhyNot, type CheckedForm } from './rent-check.service.ts';

const KEY = { line: 'ssh-ed25519 AAAA', type: 'ssh-ed25519', comment: '', fingerprint: 'SHA256:x' };
const GOOD: CheckedForm = {
  whyNot: undefined,
  hasMachine: true,
  errors: [],
  keyError: undefined,
  termNs: { kind: 'ok', value: 1n },
  hasToken: true,
};

describe('formProblems', () => {
  it('finds none in a form that is complete', () => {
    expect(formProblems(GOOD)).toEqual([]);
  });

  it('says each, in the order of the form', () => {
    const bad: CheckedForm = {
      whyNot: 'Paused.',
      hasMachine: false,
      errors: [['Port', 'A whole number.']],
      keyError: 'None.',
      termNs: { kind: 'err', error: 'Too short.' },
      hasToken: false,
    };
    expect(formProblems(bad)).toEqual([
      'Paused.',
      'Machine: choose one that can be had now.',
      'Port: A whole number.',
      'SSH key: None.',
      'Term: Too short.',
      'Token: choose what to pay with.',
    ]);
  });
});

describe('chosenKeys', () => {
  it('takes one to ten', () => {
    expect(chosenKeys({ accountKeys: [], pasted: undefined }).kind).toBe('err');
    expect(chosenKeys({ accountKeys: ['SHA256:a'], pasted: { kind: 'ok', value: KEY } })).toEqual({
      kind: 'ok',
      value: ['SHA256:a', KEY.line],
    });
    const many = Array.from({ length: 11 }, (_, index) => `SHA256:${index}`);
    expect(chosenKeys({ accountKeys: many, pasted: undefined })).toEqual({
      kind: 'err',
      error: 'At most 10 keys.',
    });
  });

  it('never leaves a key out that is wrong', () => {
    const pasted = { kind: 'err', error: 'Cut off.' } as const;
    expect(chosenKeys({ accountKeys: ['SHA256:a'], pasted })).toEqual(pasted);
  });
});

describe('offerWhyNot', () => {
  it('says why nothing can be rented', () => {
    const words = (status: Parameters<typeof offerWhyNot>[0]['status'], isRecipeGone = false) =>
      offerWhyNot({ status, isRecipeGone });
    expect(words({ Open: null })).toBeUndefined();
    expect(words({ Paused: null })).toContain('paused');
    expect(words({ Retired: null })).toContain('retired');
    expect(words({ Open: null }, true)).toContain('withdrew');
  });
});
