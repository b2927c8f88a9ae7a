import { useTranslation } from 'react-i18next';
import { showHidden } from '../given-text.ts';

/** A sentence of the server's own: English on every page, and called so on one that is not. It may name what others chose. */
export function ServerWords({ text }: { readonly text: string }) {
  const { t, i18n } = useTranslation();
  const isForeign = i18n.language !== 'en';
  return (
    <>
      {isForeign && t('inEnglish')}
      <bdi style={{ overflowWrap: 'anywhere' }} {...(isForeign ? { lang: 'en' } : {})}>
        {showHidden(text)}
      </bdi>
    </>
  );
}
