import { readGb18030, readHex, readText, toBase64, writeHex } from '../body/body-text.ts';
import { findJsonFault, type JsonFault } from '../body/find-json-fault.ts';

export type CorrectionMode = 'text' | 'hex';

/** What is being typed. */
export interface Correction {
  readonly mode: CorrectionMode;
  readonly value: string;
}

/** Begins with what was received: as text, or as hex where it is none. */
export function startCorrection(bytes: Uint8Array): Correction {
  const { text } = readText(bytes);
  return text === undefined ? { mode: 'hex', value: writeHex(bytes) } : { mode: 'text', value: text };
}

/** The same in the other form; undefined where what was typed cannot be had in it. */
export function changeMode({ mode, value }: Correction, wanted: CorrectionMode): Correction | undefined {
  if (mode === wanted) return { mode, value };
  if (wanted === 'hex') return { mode: 'hex', value: writeHex(new TextEncoder().encode(value)) };
  const bytes = readHex(value);
  const text = bytes && readText(bytes).text;
  return text === undefined ? undefined : { mode: 'text', value: text };
}

/** What hex says when it is read as GB18030, as text to go on with; undefined where it is not that. */
export function readAsGb18030({ mode, value }: Correction): Correction | undefined {
  const bytes = mode === 'hex' ? readHex(value) : undefined;
  const text = bytes && readGb18030(bytes);
  return text === undefined ? undefined : { mode: 'text', value: text };
}

export type CorrectionFault =
  { readonly kind: 'json'; readonly fault: JsonFault } | { readonly kind: 'hex' } | { readonly kind: 'utf8' };

/** Why what was typed cannot be a message; undefined where it may be. */
export function findCorrectionFault({ mode, value }: Correction): CorrectionFault | undefined {
  const bytes = mode === 'hex' ? readHex(value) : undefined;
  if (mode === 'hex' && !bytes) return { kind: 'hex' };
  // Gzip is unpacked by the server.
  if (bytes?.[0] === 0x1f && bytes[1] === 0x8b) return undefined;
  const text = bytes ? readText(bytes).text : value;
  if (text === undefined) return { kind: 'utf8' };
  const fault = findJsonFault(text);
  return fault && { kind: 'json', fault };
}

/** As the API takes it. */
export function toBody({ mode, value }: Correction): string {
  const bytes = mode === 'hex' ? readHex(value) : undefined;
  return toBase64(bytes ?? new TextEncoder().encode(value));
}
