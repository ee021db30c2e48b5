import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { networkFile } from './network-file.config.ts';

const AGENT_KILOBYTES = 600;

export default defineConfig({
  plugins: [tailwindcss(), sveltekit(), networkFile()],
  build: { target: 'es2022', chunkSizeWarningLimit: AGENT_KILOBYTES },
});
