export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** Each in its own words: whoever looks for it may read no other. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

/**
 * The language to begin with: what was chosen here before, or else the first that the browser prefers and
 * we have. Any Chinese is taken for ours: closer than English to whoever reads it.
 */
function chooseLanguage(chosenBefore: string | null, preferred: readonly string[]): Language {
  const known = languages.find((language) => language === chosenBefore);
  if (known) return known;
  for (const tag of preferred) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

/** Of this reader, in this browser. */
export const languageKey = 'earshot-language';

export function readLanguage(): Language {
  return chooseLanguage(localStorage.getItem(languageKey), navigator.languages);
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(languageKey, language);
}
