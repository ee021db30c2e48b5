import process from 'node:process';
import { Principal } from '@dfinity/principal';
import { buildCanister } from './canisters/build-canister.ts';

/**
 * Prints the calls that tell token-value on the Internet Computer its sources and tokens, one a line,
 * for the `icp` command line. Its one argument is the id of the DCT/ICP pool.
 */
async function main(args: readonly string[]): Promise<number> {
  const [poolId, ...more] = args;
  if (poolId === undefined || more.length > 0) {
    process.stderr.write('Usage: npx tsx scripts/print-price-config.ts <DCT/ICP pool id>\n');
    return 2;
  }
  // Its declarations say how the calls are written.
  await buildCanister('token-value');
  const { priceCalls } = await import('./start/price-calls.ts');
  for (const { method, argument } of priceCalls(Principal.fromText(poolId))) {
    process.stdout.write(`icp canister call -e ic token-value ${method} '${argument}'\n`);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
