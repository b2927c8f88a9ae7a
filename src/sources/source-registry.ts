import type { Clock } from '../domain/clock.js';
import { createPushPathReader, type PushPath, type SourceToken } from '../domain/push-path.js';
import type { SourceLimit } from '../domain/source-limit.js';
import { defaultSource, type LimitedSource, type Source } from '../store/sources.js';
import type { SecretRegistry } from './secret-registry.js';

/** The sources and what each may do. */
export interface KeptSources {
  readonly sources: readonly Source[];
  readonly limits: readonly LimitedSource[];
}

/**
 * The sources as they are in force now. A push is looked up here and nowhere else, so that it costs no question to the
 * store and works while that is away.
 */
export class SourceRegistry {
  readonly #secrets: Pick<SecretRegistry, 'secrets'>;
  readonly #clock: Clock;
  /** Whether a setting names the default source's token: then nothing that the store has kept of it holds. */
  readonly isFixed: boolean;
  #kept: KeptSources;
  #limits: ReadonlyMap<string, SourceLimit>;
  #readPath: (url: string) => PushPath;
  /** The token of the secrets that the reader was made with: they may be replaced. */
  #madeWith: string;

  constructor(secrets: Pick<SecretRegistry, 'secrets'>, isFixed: boolean, kept: KeptSources, clock: Clock) {
    this.#secrets = secrets;
    this.isFixed = isFixed;
    this.#clock = clock;
    this.#kept = kept;
    this.#limits = toLimits(kept);
    this.#madeWith = secrets.secrets.pushToken;
    this.#readPath = this.#makeReader();
  }

  readPath(url: string): PushPath {
    if (this.#madeWith !== this.#secrets.secrets.pushToken) this.replace(this.#kept);
    return this.#readPath(url);
  }

  /** As the store told them last: the default source is among them once it was rotated. */
  get sources(): readonly Source[] {
    return this.#kept.sources;
  }

  get kept(): KeptSources {
    return this.#kept;
  }

  limitOf(source: string): SourceLimit {
    return this.#limits.get(source) ?? {};
  }

  /** Of the default source, now. */
  get defaultToken(): string {
    return this.#keptDefault()?.token ?? this.#secrets.secrets.pushToken;
  }

  /** Those there were hold no more. */
  replace(kept: KeptSources): void {
    this.#kept = kept;
    this.#limits = toLimits(kept);
    this.#madeWith = this.#secrets.secrets.pushToken;
    this.#readPath = this.#makeReader();
  }

  #keptDefault(): Source | undefined {
    return this.isFixed ? undefined : this.sources.find(({ id }) => id === defaultSource);
  }

  #makeReader(): (url: string) => PushPath {
    const kept = this.#keptDefault();
    const others = this.sources.filter(({ id }) => id !== defaultSource);
    const tokens: SourceToken[] = [
      { name: defaultSource, token: this.defaultToken },
      ...[...(kept ? [kept] : []), ...others].flatMap(toTokens),
    ];
    return createPushPathReader(tokens, this.#clock);
  }
}

function toLimits({ limits }: KeptSources): ReadonlyMap<string, SourceLimit> {
  return new Map(limits.map(({ name, ...limit }) => [name, limit]));
}

function toTokens({ name, token, previousToken, previousUntil }: Source): SourceToken[] {
  const now = { name, token };
  if (previousToken === undefined || previousUntil === undefined) return [now];
  return [now, { name, token: previousToken, until: previousUntil }];
}
