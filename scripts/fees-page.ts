import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { feesText } from './lib/fees-text.ts';

const PAGE = fileURLToPath(new URL('../docs/FEES.md', import.meta.url));

writeFileSync(PAGE, feesText());
console.log('docs/FEES.md is written');
