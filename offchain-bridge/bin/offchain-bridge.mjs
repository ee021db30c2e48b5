#!/usr/bin/env node
// The `offchain-bridge` command; its code is TypeScript, which Node 20 needs a loader for.
import process from 'node:process';
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2), process.env);
