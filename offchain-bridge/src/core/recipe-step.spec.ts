import { describe, expect, it } from 'vitest';
import { lastLines, parseStep } from './recipe-step.ts';

const parse = (line: string) => parseStep(line, line);

describe('parseStep', () => {
  it('reads a step', () => {
    expect(parse('#dc-step 2/5 Installing nginx')).toEqual({
      index: 2,
      of: 5,
      text: 'Installing nginx',
    });
  });

  it.each([
    'dc-step 2/5 a',
    ' #dc-step 2/5 a',
    '#dc-step 0/5 a',
    '#dc-step 6/5 a',
    '#dc-step 1/1001 a',
    '#dc-step 1/5',
    '#dc-step 1/5 ',
    '#dc-step 1/5 \u001b[1m',
    '#dc-step 1.5/5 a',
    '#dc-step -1/5 a',
  ])('takes %j for an ordinary line', (line) => {
    expect(parse(line)).toBeUndefined();
  });

  it('takes the text from the line that is shown', () => {
    expect(parseStep('#dc-step 1/2 using hunter2', '#dc-step 1/2 using *******')?.text).toBe(
      'using *******',
    );
  });

  it('leaves nothing in the text that a terminal obeys, and cuts it', () => {
    expect(parse('#dc-step 1/2 \u001b[32mgreen\u001b[0m\u202etxt\r')?.text).toBe('green txt');
    expect(parse(`#dc-step 1/2 ${'x'.repeat(400)}`)?.text).toHaveLength(200);
  });
});

describe('lastLines', () => {
  it('joins the lines that say something', () => {
    expect(lastLines('one\n\n  two \r\n\u001b[31mthree\u001b[0m\n', 100)).toBe('one | two | three');
  });

  it('keeps the end of what is too long', () => {
    expect(lastLines('abcdefghij\nklm', 8)).toBe('…j | klm');
    expect(lastLines('', 8)).toBe('');
  });
});
