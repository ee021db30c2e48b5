import { OPENID_PROVIDER_URLS } from '@icp-sdk/auth/client';
import { describe, expect, it } from 'vitest';
import { methodOf } from './methods.ts';

describe('methodOf', () => {
  it('is a passkey unless the app asks for a provider', () => {
    expect(methodOf('')).toBe('passkey');
    expect(methodOf('?other=1')).toBe('passkey');
  });

  it.each(Object.entries(OPENID_PROVIDER_URLS))('knows %s as the client names it', (name, url) => {
    const search = new URLSearchParams({ openid: url }).toString();
    expect(methodOf(`?${search}`)).toBe(name);
  });

  it.each(['', 'https://accounts.google.com.example', 'google'])('does not know "%s"', (issuer) => {
    expect(methodOf(`?openid=${issuer}`)).toBeUndefined();
  });
});
