import { isUtf8 } from 'node:buffer';

/** What is looked at, and what is kept: enough for a sentence. */
const readCharacters = 4_096;
const keptCharacters = 200;

/**
 * The beginning of what the other side said in words: JSON, text, the code and message of a storage's error document,
 * the title and text of a page. Nothing in it is a link or looks like a secret. Undefined where there are no words.
 */
export function wordsOf(said: string): string | undefined {
  const text = said.slice(0, readCharacters);
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return undefined;
  const words = readDocument(text)
    .replace(/(?:[^\x20-\x7e\u00a0-\uffff]|[\s\ufffd])+/g, ' ')
    .trim();
  if (words === '') return undefined;
  return words.length > keptCharacters ? `${words.slice(0, keptCharacters - 1)}…` : words;
}

/** Text in UTF-8, or, where it begins like text and is none, in GB 18030: what platforms in China write otherwise. */
export function decodeWords(bytes: Uint8Array): string {
  const beginning = bytes.subarray(0, readCharacters);
  const isPlain = [0, 1, 2, 3].some((less) => isUtf8(beginning.subarray(0, beginning.length - less)));
  if (!isPlain && /^[\x20-\x7e]/.test(String.fromCharCode(beginning[0] ?? 0))) {
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(beginning, { stream: true });
    } catch {
      // It is something else.
    }
  }
  return new TextDecoder().decode(bytes);
}

function readDocument(text: string): string {
  if (!/^[\ufeff\s]*</.test(text)) return hideSecrets(text);
  const code = element(text, 'Code');
  if (code !== undefined) {
    const message = element(text, 'Message');
    // A code is one word of the storage's own: `InvalidAccessKeyId` is no key.
    const said = /^[A-Za-z0-9._-]{1,60}$/.test(code) ? code : hideSecrets(code);
    return message === undefined ? said : `${said}: ${hideSecrets(message)}`;
  }
  const title = element(text, 'title') ?? '';
  const rest = text
    .replace(/<(script|style|title|head)\b[^>]*>[^]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^>]*(?:>|$)/g, ' ');
  return hideSecrets([title, rest.trim()].filter((part) => part.trim() !== '').join(': '));
}

function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}\\b[^>]{0,200}>\\s*(?:<!\\[CDATA\\[)?([^<\\]]{1,400})`, 'i').exec(text);
  return found?.[1]?.trim();
}

const secretName =
  '[\\w.-]{0,20}(?:signature|token|secret|passw(?:or)?d|pwd|access_?-?key(?:_?-?id)?|api_?-?key|authorization|credentials?|cookie|session(?:_?id)?|sign|sig)';
const afterName = String.raw`\\{0,3}["']?\s{0,5}[:=]\s{0,5}\\{0,3}["']?`;
const secretValue = new RegExp(
  `(${secretName})${afterName}(?:(?:bearer|basic)\\s{1,5})?[^\\s"',;&<>\\\\]+`,
  'gi',
);

function hideSecrets(text: string): string {
  return text
    .replace(/[a-z][a-z0-9+.-]{1,20}:(?:\\{0,3}\/){2}[^\s"'<>]*/gi, '[link]')
    .replace(/[a-z][a-z0-9+.-]{1,20}%(?:25)*3a(?:%(?:25)*2f){2}[^\s"'<>]*/gi, '[link]')
    .replace(secretValue, '$1=[secret]')
    .replace(/\b(bearer|basic)\s{1,5}[\w.~+/=-]{8,}/gi, '$1 [secret]')
    .replace(/[?&][^\s"'<>=]{1,100}=[^\s"'<>]*/g, '?[query]')
    .replace(/[\w+/=%~-]{32,}/g, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? '[secret]' : run));
}
