import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { networkFile } from './network-file.config.ts';

const AGENT_KILOBYTES = 600;

export default defineConfig({
  plugins: [svelte(), networkFile()],
  build: { target: 'es2022', chunkSizeWarningLimit: AGENT_KILOBYTES },
});
