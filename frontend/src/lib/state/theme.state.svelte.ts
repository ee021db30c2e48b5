export type Theme = 'system' | 'light' | 'dark';

const KEY = 'theme';

/** Light, dark, or as the device has it; remembered on this device. */
class ThemeChoice {
  value = $state<Theme>('system');

  /** Applies what was chosen before. */
  start(): void {
    const kept = localStorage.getItem(KEY);
    this.choose(kept === 'light' || kept === 'dark' ? kept : 'system');
  }

  choose(theme: Theme): void {
    this.value = theme;
    if (theme === 'system') {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem(KEY);
    } else {
      document.documentElement.dataset['theme'] = theme;
      localStorage.setItem(KEY, theme);
    }
  }
}

export const theme = new ThemeChoice();
