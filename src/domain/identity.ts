import { hash } from 'node:crypto';

/**
 * Digest of a message's canonical content: with its type and callId the message's identity (protocol page,
 * section 3). The first 16 bytes of SHA-256: enough that two contents of one call never meet by chance.
 */
export function digestOf(canonicalContent: string): Uint8Array {
  return hash('sha256', canonicalContent, 'buffer').subarray(0, 16);
}
