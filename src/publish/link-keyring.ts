import type { Clock } from '../domain/clock.js';
import { judgeRecordingUrl, mintRecordingUrl, type RecordingUrlVerdict } from '../domain/recording-url.js';
import type { LinkKey, LinkKeysReader, LinkKeysWriter } from '../store/link-keys.js';

/** A link to a recording, for whoever is shown it or sent it now. A bearer secret. */
type MintLink = (recordingId: string) => string;

interface LinkKeyringParts {
  readonly linkKeys: LinkKeysReader;
  /** Absent: this one follows, and leaves making keys to another. */
  readonly writer?: { readonly linkKeys: LinkKeysWriter; readonly randomBytes: RandomBytes };
  /** How the outside reaches Earshot. Asked each time: a port that is any free one is known only once it is taken. */
  readonly publicUrl: () => string;
  /** How long a link is valid. */
  readonly linkMs: number;
  readonly clock: Clock;
}

/** A key signs for this long, then the next one does: a stolen one is of use for a month and a link's life. */
const rotateAfterMs = 30 * 24 * 60 * 60 * 1000;
/** A link that fits no key may be signed by one that somebody made just now; but strangers must not make us ask the store all the time. */
const askAgainAfterMs = 1_000;

/**
 * The keys that sign links to recordings, as this thread knows them. Every thread and process that mints or
 * judges links has a keyring; `step` is repeated every second or so and follows what the others do, so that a
 * rotation, or a revocation, holds everywhere within seconds. The first step makes the first key; a key that
 * is a month old is followed by another, and verifies until the last link it may have signed has expired.
 */
export class LinkKeyring {
  readonly #parts: LinkKeyringParts;
  #keys: readonly LinkKey[] = [];
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(parts: LinkKeyringParts) {
    this.#parts = parts;
  }

  /** Reads the keys anew, and makes one where it is time to. Never more to do at once. */
  async step(): Promise<false> {
    await this.#read();
    const { writer, linkMs, clock } = this.#parts;
    const now = clock();
    const signing = signingKey(this.#keys, now);
    if (!writer || (signing && now - signing.createdAt < rotateAfterMs)) return false;
    await rotateLinkKeys(writer.linkKeys, createLinkKey(now, writer.randomBytes), linkMs);
    // A reading that began before may not have the new key, and others may have begun one.
    await this.#reading?.catch(() => undefined);
    await this.#read();
    return false;
  }

  /** What mints links from now on; to be asked for again with every answer and push. Rejects where the store does. */
  async minter(): Promise<MintLink> {
    const { publicUrl, linkMs, clock } = this.#parts;
    if (!signingKey(this.#keys, clock())) await this.step();
    const now = clock();
    const key = signingKey(this.#keys, now);
    if (!key) throw new Error('there is no key to sign links with');
    const root = publicUrl();
    return (recordingId) => mintRecordingUrl({ publicUrl: root, recordingId, expiresAt: now + linkMs, key });
  }

  /** Judges the query of a request for `/r/{recordingId}`, as received. Rejects where the store does. */
  async judge(recordingId: string, query: string): Promise<RecordingUrlVerdict> {
    const { clock } = this.#parts;
    const verdict = judgeRecordingUrl(recordingId, query, this.#keys, clock());
    if (verdict !== 'does-not-match' || clock() - this.#readAt < askAgainAfterMs) return verdict;
    await this.#read();
    return judgeRecordingUrl(recordingId, query, this.#keys, clock());
  }

  /** One reading at a time, whoever asks. */
  #read(): Promise<void> {
    this.#reading ??= this.#parts.linkKeys
      .list()
      .then((keys) => {
        this.#keys = keys;
        this.#readAt = this.#parts.clock();
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

/** The newest that has not expired. */
function signingKey(keys: readonly LinkKey[], now: number): LinkKey | undefined {
  return keys.find(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
}

/** Random bytes fit for a secret. Handed in, like all chance. */
type RandomBytes = (count: number) => Buffer;

/**
 * Threads and processes that mint links hear of a rotation within seconds, and until then sign with the key
 * before: it stays valid for this much longer than its last link should need.
 */
const noticeMs = 60_000;

export function createLinkKey(now: number, randomBytes: RandomBytes): LinkKey {
  return {
    id: `k${randomBytes(5).toString('hex')}`,
    secret: randomBytes(32).toString('base64url'),
    createdAt: now,
  };
}

/** Makes `key` the one that signs. Those before it verify for `linkMs` more, until their last link has expired. */
export async function rotateLinkKeys(
  linkKeys: Pick<LinkKeysWriter, 'rotate'>,
  key: LinkKey,
  linkMs: number,
): Promise<void> {
  await linkKeys.rotate(key, key.createdAt + linkMs + noticeMs);
}

/** Makes `key` the one that signs, and every link that another has signed invalid at once. */
export async function replaceLinkKeys(linkKeys: Pick<LinkKeysWriter, 'rotate'>, key: LinkKey): Promise<void> {
  await linkKeys.rotate(key, key.createdAt);
}
