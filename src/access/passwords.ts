import type { Score, ZxcvbnFactory } from '@zxcvbn-ts/core';
import { AppError, type ErrorCode } from '../domain/errors.js';
import { hash, verify } from '@node-rs/argon2';

/** What is known of whoever gets a password: nobody else's guesses begin there. */
export interface WhosePassword {
  readonly name: string;
  readonly displayName?: string | null | undefined;
}

/** Of these it is told no more whether they can be guessed: the cost grows faster than the length. */
const judgedLength = 64;
/** At this score somebody who guesses needs a hundred million tries at least. */
const leastScore: Score = 3;
/** Without its spaces, a million: enough for a few short words, too much for one that is spelled out. */
const leastScoreTogether: Score = 2;
/** What the lists lack: numbers that sound like "I love you", "password" and the like, in Chinese. */
const moreCommon = [
  ...['woaini1314', 'woaini1314520', 'woaini520', '5201314', '1314520', '7758521', 'mima', 'guanliyuan'],
  ...['gongsi', 'dianhua', 'nihao', 'zhongguo', 'beijing', 'shanghai', 'wodemima'],
];

/**
 * The hash of a password that somebody chose. Rejects with `password-common`, `password-personal` or `password-simple`
 * for one that is among the first that are guessed. Its length is checked by whoever takes it in.
 */
export async function hashNewPassword(password: string, whose: WhosePassword): Promise<string> {
  const fault = await findFault(password, whose);
  if (fault !== undefined) throw new AppError(fault, sentences[fault]);
  return hashPassword(password);
}

type Fault = Extract<ErrorCode, 'password-common' | 'password-personal' | 'password-simple'>;

const sentences: Readonly<Record<Fault, string>> = {
  'password-common': 'It is, or is hardly more than, one of the passwords that many people have.',
  'password-personal': "It is hardly more than the person's own name, or the name of this product.",
  'password-simple':
    'It is made of what is guessed early: rows of keys or digits, repetitions, dates, single words.',
};

async function findFault(password: string, { name, displayName }: WhosePassword): Promise<Fault | undefined> {
  const judge = await (loading ??= load());
  const personal = ['earshot', name, displayName ?? ''].flatMap(partsOf);
  for (const [form, least] of formsOf(password)) {
    const { score, sequence } = judge.check(form, personal);
    if (score >= least) continue;
    const lists = sequence.map(({ dictionaryName }) => String(dictionaryName));
    if (lists.includes('userInputs')) return 'password-personal';
    return lists.some((list) => list.startsWith('passwords')) ? 'password-common' : 'password-simple';
  }
  return undefined;
}

/** As it is, and without what is put between letters to make a known word look like none. */
function formsOf(password: string): [form: string, least: Score][] {
  const plain = password
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .slice(0, judgedLength);
  return [
    [plain, leastScore],
    [plain.replaceAll(/[\s._-]+/g, ''), leastScoreTogether],
  ];
}

/** The whole, its parts, and the parts together: "ada.byron@example.com", "ada", "byron", "adabyron" … */
function partsOf(text: string): string[] {
  const whole = text.normalize('NFKC').toLowerCase();
  const local = whole.split('@', 1)[0] ?? '';
  const parts = whole.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 2);
  const localParts = local.split(/[^\p{L}\p{N}]+/u);
  const together = [localParts, localParts.toReversed()].map((some) => some.join(''));
  return [...new Set([whole, local, ...parts, ...together])].filter((part) => part !== '');
}

let loading: Promise<ZxcvbnFactory> | undefined;

/** The lists are some 20 MB in memory: a process in which nobody gets a password never has them. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({
    graphs: adjacencyGraphs,
    dictionary: { ...dictionary, 'passwords-more': moreCommon },
  });
}

/**
 * Argon2id with 19 MiB, two passes and one lane: the first of the settings that OWASP's Password Storage Cheat Sheet
 * recommends, some 20 ms of one core. More memory would be more than a small machine has for several people at once.
 * The library computes on libuv's threads, never on the one that acknowledges pushes. Each hash names its
 * parameters: they may be raised, and older hashes go on verifying.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of no password that anybody has: compared with where there is no hash, so that an unknown name takes as long. */
const hashOfNobody =
  '$argon2id$v=19$m=19456,t=2,p=1$FKV1Q/l0oBNhWs7dDJpaKQ$eT8ii6/VPmN9lhfh1+qIZoqtEYOoMx/mt516YPq1p90';

/** As argon2 encodes it, with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}

/** Takes the same time whether or not there is a hash. */
export async function isPassword(password: string, expected: string | undefined): Promise<boolean> {
  const isSame = await verify(expected ?? hashOfNobody, password.normalize('NFC'));
  return isSame && expected !== undefined;
}
