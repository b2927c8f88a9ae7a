import type { Asset } from './recording.js';

const mediaTypes: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  wave: 'audio/wav',
  mp3: 'audio/mpeg',
  mpeg: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  adts: 'audio/aac',
  amr: 'audio/amr',
  aiff: 'audio/aiff',
  au: 'audio/basic',
  caf: 'audio/x-caf',
  wma: 'audio/x-ms-wma',
  webm: 'audio/webm',
  matroska: 'audio/x-matroska',
};

/** By content, as the archiver found it; a browser is told not to guess (`nosniff`). */
export function mediaTypeOf(container: string): string {
  return mediaTypes[container.toLowerCase()] ?? 'application/octet-stream';
}

/** Strong: the same tag means the same bytes. */
export function etagOf(asset: Asset): string {
  return `"${asset.sha256}"`;
}

/**
 * Content-Disposition for an asset's file name (RFC 6266): a plain name for old clients, with everything
 * outside a safe alphabet replaced, and the true one as UTF-8 where it differs. Names come from ids that a
 * stranger may have chosen, so neither form can end the header or the folder.
 */
export function dispositionOf(fileName: string, form: 'inline' | 'attachment' = 'inline'): string {
  // Through bytes, because encodeURIComponent throws at half a surrogate pair.
  const name = Buffer.from(fileName.slice(fileName.lastIndexOf('/') + 1)).toString() || 'recording';
  const plain = name.replace(/[^\w .()+,=@^~-]/g, '_');
  if (plain === name) return `${form}; filename="${plain}"`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${form}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
