import { isGzip } from '../protocol/content-coding.js';

/**
 * Whether a body can be a push by its first and last byte: an array or an object, or gzip. Nothing more is
 * looked at before the acknowledgement; what is inside is the sorter's business.
 */
export function looksLikePush(body: Uint8Array): boolean {
  if (body.length === 0 || isGzip(body)) return true;
  let first = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (isSpace(body[first])) first++;
  let last = body.length - 1;
  while (last > first && isSpace(body[last])) last--;
  const [open, close] = [body[first], body[last]];
  return (open === 0x5b && close === 0x5d) || (open === 0x7b && close === 0x7d);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
