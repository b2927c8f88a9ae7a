import { useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../../src/contract/client.ts';
import type { SessionState } from '../../../../src/contract/session.ts';
import { addresses } from '../../addresses.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SignInForm } from '../../session/sign-in-form.tsx';
import { useKeepSession, useSession } from '../../session/use-session.ts';
import { Entrance } from './entrance.tsx';

export function SignInPage() {
  const { t } = useTranslation('sign-in');
  const ways = useSession();
  const { refused, then } = useSearch({ from: addresses.signIn });
  const keepSession = useKeepSession();
  const router = useRouter();
  const goOn = (session: SessionState): void => {
    keepSession(session);
    router.history.replace(ownPath(then));
  };
  return (
    <Entrance title={t('signIn.title')}>
      {refused !== undefined && <ProblemAlert error={new ApiProblem(403, { code: refused, detail: '' })} />}
      <SignInForm ways={ways} onSignedIn={goOn} />
    </Entrance>
  );
}

/** Where to go on: a path of this console, whatever the address claims. */
function ownPath(then: string | undefined): string {
  // Not new URL() at once: it throws at what is no address, and `then` may say anything.
  if (then === undefined || !URL.canParse(then, window.location.origin)) return '/';
  const url = new URL(then, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : '/';
}
