import { isLabelKey, isLabelValue, type Labels } from './labels.ts';

/** One part of a selector; all parts must hold. */
export type Requirement =
  | { readonly kind: 'exists' | 'absent'; readonly key: string }
  | { readonly kind: 'in' | 'not-in'; readonly key: string; readonly values: readonly string[] };

const KEY = '(?<key>[\\w./-]+)';
const WORD = '[\\w.-]*';
const FORMS = [
  new RegExp(`\\s*${KEY}\\s+(?<set>in|notin)\\s*\\((?<values>[^()]*)\\)\\s*(?<end>,|$)`, 'y'),
  new RegExp(`\\s*${KEY}\\s*(?<sign>==|=|!=)\\s*(?<value>${WORD})\\s*(?<end>,|$)`, 'y'),
  new RegExp(`\\s*(?<not>!?)\\s*${KEY}\\s*(?<end>,|$)`, 'y'),
];

/**
 * Reads `k=v`, `k==v`, `k!=v`, `k`, `!k`, `k in (a,b)` and `k notin (a,b)`, joined by commas; undefined
 * if it is none of that. An empty selector asks for nothing.
 */
export function parseSelector(text: string): readonly Requirement[] | undefined {
  if (text.trim() === '') return [];
  const requirements: Requirement[] = [];
  for (let at = 0; ;) {
    const found = matchAt(text, at);
    const requirement = found && requirementOf(found.groups ?? {});
    if (found === undefined || requirement === undefined) return undefined;
    requirements.push(requirement);
    at += found[0].length;
    if (found.groups?.['end'] === '') return requirements;
  }
}

/** As in Kubernetes, `!=` and `notin` hold for what lacks the key, too. */
export function matchesSelector(requirements: readonly Requirement[], labels: Labels): boolean {
  return requirements.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.kind) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'not-in':
        return value === undefined || !requirement.values.includes(value);
    }
  });
}

function matchAt(text: string, at: number): RegExpExecArray | undefined {
  for (const form of FORMS) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found !== null) return found;
  }
  return undefined;
}

function requirementOf(
  groups: Readonly<Record<string, string | undefined>>,
): Requirement | undefined {
  const { key = '', set, values = '', sign, value = '', not } = groups;
  if (!isLabelKey(key)) return undefined;
  if (set === undefined && sign === undefined) {
    return { kind: not === '!' ? 'absent' : 'exists', key };
  }
  const wanted = set === undefined ? [value] : values.split(',').map((word) => word.trim());
  if (!wanted.every(isLabelValue)) return undefined;
  return {
    kind: set === 'in' || sign === '=' || sign === '==' ? 'in' : 'not-in',
    key,
    values: wanted,
  };
}
