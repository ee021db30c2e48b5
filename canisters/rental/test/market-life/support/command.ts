import * as fc from 'fast-check';
import type { MarketRules, Story } from './market-rules.ts';
import type { MarketWorld } from './market-world.ts';

export const NO_INPUTS = { values: [], secretNames: [] };

/** Stands for one of those that there are, whatever their number. */
export const pick = fc.nat(5);

/** One thing that happens, after which everything that must hold is checked. */
class Command implements fc.AsyncCommand<MarketRules, MarketWorld> {
  readonly #name: string;
  readonly #happen: (world: MarketWorld) => void | Promise<void>;

  constructor(name: string, happen: (world: MarketWorld) => void | Promise<void>) {
    this.#name = name;
    this.#happen = happen;
  }

  check(): boolean {
    return true;
  }

  async run(rules: MarketRules, world: MarketWorld): Promise<void> {
    await this.#happen(world);
    await world.settle();
    rules.check();
  }

  toString(): string {
    return this.#name;
  }
}

export function named<T>(
  name: string,
  arb: fc.Arbitrary<T>,
  happen: (world: MarketWorld, value: T) => void | Promise<void>,
): fc.Arbitrary<fc.AsyncCommand<MarketRules, MarketWorld>> {
  return arb.map(
    (value) => new Command(`${name}(${fc.stringify(value)})`, (world) => happen(world, value)),
  );
}

/** One of the rentals in these stages; of all that are not over if none are named. */
export function storyOf(
  world: MarketWorld,
  index: number,
  stages?: readonly Story['stage'][],
  isMeant: (story: Story) => boolean = () => true,
): Story | undefined {
  const stories = world.rules
    .liveStories()
    .filter((story) => isMeant(story) && (stages?.includes(story.stage) ?? true));
  return stories[index % Math.max(stories.length, 1)];
}

/** So much more often than others. */
export function times<T>(count: number, one: T): readonly T[] {
  return Array.from({ length: count }, () => one);
}
