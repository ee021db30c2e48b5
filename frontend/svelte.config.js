import process from 'node:process';
import adapter from '@sveltejs/adapter-static';

const isForInternetComputer = process.env['DFX_NETWORK'] === 'ic';
/** Where canisters answer: the page's own address has `/api` too, their own pages have others. */
const GATEWAYS = isForInternetComputer
  ? /** @type {const} */ (['https://icp0.io', 'https://*.icp0.io', 'https://icp-api.io'])
  : /** @type {const} */ (['http://localhost:*', 'http://*.localhost:*', 'http://127.0.0.1:*']);

/** @type {import('@sveltejs/kit').Config} */
const config = {
  compilerOptions: { runes: true },
  kit: {
    // Every address is answered with the same file; the page finds its way by itself.
    adapter: adapter({ pages: 'dist', assets: 'dist', fallback: 'index.html' }),
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self'],
        // The one style attribute is SvelteKit's own: it hides what tells screen readers of a new page.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self', ...GATEWAYS],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'base-uri': ['self'],
        'form-action': ['none'],
      },
    },
    output: { preloadStrategy: 'modulepreload' },
    paths: { relative: false },
    version: { pollInterval: 0 },
  },
};

export default config;
