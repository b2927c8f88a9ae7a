import { useTranslation } from 'react-i18next';

/** A sentence of the server's own: English on every page, and called so on one that is not. */
export function ServerWords({ text }: { readonly text: string }) {
  const { t, i18n } = useTranslation();
  if (i18n.language === 'en') return text;
  return (
    <>
      {t('inEnglish')}
      <span lang="en">{text}</span>
    </>
  );
}
