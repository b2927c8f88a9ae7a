import { NoAnswer } from './client.ts';

/** The server answers and has no such part: this page is of another version of Earshot. */
export class PartMissing extends Error {
  override readonly name = 'PartMissing';
}

/**
 * Fetches a part of the console: a page's code, its texts. Rejects with `NoAnswer` where the server is away, so that
 * it is told in the page and tried again there, and with `PartMissing` where it is not.
 */
export async function fetchPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    if (await isServed()) throw new PartMissing('A part of the console is missing.', { cause });
    wasAway = true;
    throw new NoAnswer('There was no answer.', { cause });
  }
}

async function isServed(): Promise<boolean> {
  const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  return answer?.ok === true;
}

/** Browsers never ask again for a module that did not come, however long the server has been back. */
let wasAway = false;

const key = 'earshot.reloadedAt';
/** One that is missing again so soon is missing for another reason, and is told. */
const againAfterMs = 30_000;

/**
 * A page that was open while Earshot was upgraded asks for parts that are gone: it is loaded anew, once. Its address
 * holds what was looked for. Only when the part is to be shown: asking ahead costs nobody what is being typed.
 */
export function reloadForMissingPart(): void {
  const reloadedAt = Number(sessionStorage.getItem(key) ?? 0);
  if (!wasAway && Date.now() - reloadedAt < againAfterMs) return;
  sessionStorage.setItem(key, String(Date.now()));
  window.location.reload();
}
