import { randomUUID } from 'node:crypto';
import { createFigureKeeper } from '../../src/app/figure-keeper.js';
import { SecretBook } from '../../src/app/secret-book.js';
import { makeSecret } from '../../src/app/secrets.js';
import { SourceBook } from '../../src/app/source-book.js';
import { createSourceDesk } from '../../src/app/source-desk.js';
import type { Clock } from '../../src/domain/clock.js';
import type { HttpServerDeps } from '../../src/http/http-server-deps.js';
import type { Store } from '../../src/store/store.js';

export const pushToken = 'push-token-0123456789';

export interface OperatingTestParts {
  readonly store: Store;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** What operators have beside the store, as it is in a server: sources in force, figures on their way. */
export function openOperatingDeps({ store, dataDir, publicUrl, clock }: OperatingTestParts) {
  const secrets = new SecretBook({ pushToken, apiKey: 'not asked for here' });
  const book = new SourceBook(secrets, false, [], clock);
  const figures = createFigureKeeper(store.hours, store.sources, clock);
  const near = { url: publicUrl };
  const newId = (): string => randomUUID();
  const sourceDesk = createSourceDesk({
    ...{
      config: { dataDir },
      sources: store.sources,
      shared: undefined,
      secrets,
      book,
      figures,
      clock,
      newId,
    },
    ...{ newToken: makeSecret, publicUrl: () => publicUrl, nearUrl: () => near.url },
  });
  return { deps: { sourceDesk, newId } satisfies Partial<HttpServerDeps>, book, figures, near };
}
