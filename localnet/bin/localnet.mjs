#!/usr/bin/env node
// The `localnet` command; its code is TypeScript, which Node 20 needs a loader for.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/cli/main.ts');
process.exit(await main(process.argv.slice(2)));
