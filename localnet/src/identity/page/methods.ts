import type { LoginMethod } from './person-key.ts';

/** What a way to log in is called on the page. */
export interface MethodWords {
  readonly heading: string;
  readonly label: string;
  readonly submit: string;
  readonly inputType: 'text' | 'email';
}

const PROVIDERS: ReadonlyMap<string, LoginMethod> = new Map([
  ['https://accounts.google.com', 'google'],
  ['https://appleid.apple.com', 'apple'],
  ['https://login.microsoftonline.com/{tid}/v2.0', 'microsoft'],
]);

export const METHOD_WORDS: Readonly<Record<LoginMethod, MethodWords>> = {
  passkey: {
    heading: 'Log in with a passkey',
    label: 'Name of a new person',
    submit: 'Create passkey and continue',
    inputType: 'text',
  },
  google: accountWords('Google'),
  apple: accountWords('Apple'),
  microsoft: accountWords('Microsoft'),
};

/** How the app wants people to log in: `?openid=<issuer>`, or undefined for an unknown issuer. */
export function methodOf(search: string): LoginMethod | undefined {
  const issuer = new URLSearchParams(search).get('openid');
  return issuer === null ? 'passkey' : PROVIDERS.get(issuer);
}

function accountWords(provider: string): MethodWords {
  return {
    heading: `Log in with ${provider}`,
    label: `E-mail address of the ${provider} account`,
    submit: `Continue with ${provider}`,
    inputType: 'email',
  };
}
