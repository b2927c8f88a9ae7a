/** Audio containers told by their first bytes; each is also the extension that its files get. */
export const audioContainers = [
  ...(['wav', 'mp3', 'aac', 'ogg', 'flac', 'm4a', 'amr', 'webm', 'aiff', 'au', 'wma'] as const),
] as const;
export type AudioContainer = (typeof audioContainers)[number];

/** Bytes of a beginning that `sniffAudio` wants to see, where there are as many. */
export const sniffBytes = 64;

/**
 * The container that the beginning of a file tells; undefined where it is no audio that we know. The content type
 * and the extension are not asked, because senders get both wrong (an MP3 named .wav, an error page with status 200;
 * specification page, section 4).
 */
export function sniffAudio(head: Uint8Array): AudioContainer | undefined {
  const ascii = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, sniffBytes)).toString(
    'latin1',
  );
  const at = (offset: number, text: string) => ascii.startsWith(text, offset);
  if ((at(0, 'RIFF') || at(0, 'RF64')) && at(8, 'WAVE')) return 'wav';
  if (at(0, 'ID3')) return 'mp3';
  if (at(0, 'OggS')) return 'ogg';
  if (at(0, 'fLaC')) return 'flac';
  if (at(0, '#!AMR')) return 'amr';
  if (at(4, 'ftyp')) return 'm4a';
  if (at(0, '\x1a\x45\xdf\xa3')) return 'webm';
  if (at(0, 'FORM') && (at(8, 'AIFF') || at(8, 'AIFC'))) return 'aiff';
  if (at(0, '.snd')) return 'au';
  if (at(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'wma';
  return sniffMpegFrame(head);
}

/** A bare MPEG frame has no magic but eleven set bits: the rest of its header must make sense too. */
function sniffMpegFrame(head: Uint8Array): AudioContainer | undefined {
  const [sync = 0, version = 0, rates = 0] = head;
  if (head.length < 4 || sync !== 0xff || (version & 0xe0) !== 0xe0) return undefined;
  const isAdts = (version & 0xf6) === 0xf0;
  if (isAdts) return ((rates >> 2) & 0x0f) <= 12 ? 'aac' : undefined;
  const isReserved = (version & 0x18) === 0x08 || (version & 0x06) === 0;
  const hasRates = rates >> 4 !== 0x0f && rates >> 4 !== 0 && ((rates >> 2) & 0x03) !== 0x03;
  return isReserved || !hasRates ? undefined : 'mp3';
}

/** What a page instead of audio says of itself, in a few words fit for a log; undefined where it is no page. */
export function describePage(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 4096)).toString('utf8');
  const start = /^[\ufeff\s]*<([!?]?[a-zA-Z-]+)/.exec(text);
  if (!start) return undefined;
  return (
    describeXmlError(text) ??
    (/^(!doctype|html|head|body)$/i.test(start[1]!) ? 'an HTML page' : 'an XML page')
  );
}

/** `Code: Message` of the storage's error document, without anything that looks like a link. */
export function describeXmlError(text: string): string | undefined {
  const code = /<Code>([^<]{1,80})<\/Code>/.exec(text)?.[1];
  if (code === undefined) return undefined;
  const message = /<Message>([^<]{0,300})<\/Message>/.exec(text)?.[1] ?? '';
  const plain = `${code}: ${message}`.replace(/https?:\S+/gi, '[link]').replace(/\?\S+/g, '?[query]');
  return plain.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ').slice(0, 200);
}
