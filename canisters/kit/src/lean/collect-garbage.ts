/** Several times what a canister makes of lasting things between two calls of this. */
const ROOM = 100_000;

/**
 * Collects garbage, and gives the engine room. By itself it looks at every object there is whenever the
 * number of things has grown by half since it last did: some 20 million instructions for a call that
 * only happens to come then, and for every query until the next update. This has it look now, while
 * there are 100,000 strings more, which it counts and need not look at. Gives how many there were.
 */
export function collectGarbage(): number {
  const room = 'x'.repeat(ROOM).split('');
  // It counts when an object is made.
  Object.freeze({});
  return room.length;
}
