/** Drafts are kept on this device until they are published, or until somebody signs out. */
const PREFIX = 'draft:';

/** What was kept under that name. */
export function keptDraft(name: string): string | undefined {
  return localStorage.getItem(PREFIX + name) ?? undefined;
}

export function keepDraft(name: string, json: string): void {
  localStorage.setItem(PREFIX + name, json);
}

export function forgetDraft(name: string): void {
  localStorage.removeItem(PREFIX + name);
}
