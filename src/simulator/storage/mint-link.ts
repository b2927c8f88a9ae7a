import type { SimulatedCall } from '../call.js';
import { toPath } from './link-signer.js';
import type { LinkSigner } from './link-signer.js';

/** Specification, field `recordFile`: "valid for seven days". */
const linkLifeSeconds = 7 * 24 * 3600;
/** How long ago the link of an `expired` call died, before it was ever sent. */
const expiredAgoSeconds = 60;

/** The link of a call's recording, valid from now for a week by the time scale; dead from the start if so chosen. */
export function mintLink(
  call: SimulatedCall,
  context: { origin: string; signer: LinkSigner; timeScale: number; now: number },
): string {
  const lifeSeconds = Math.max(1, Math.round(linkLifeSeconds / context.timeScale));
  const nowSeconds = Math.floor(context.now / 1000);
  const expiresAtSeconds = call.storageFaults.includes('expired')
    ? nowSeconds - expiredAgoSeconds
    : nowSeconds + lifeSeconds;
  const query = context.signer.sign('GET', call.objectKey, {
    version: call.linkVersion,
    signedAtSeconds: expiresAtSeconds - lifeSeconds,
    expiresAtSeconds,
  });
  return `${context.origin}${toPath(call.objectKey)}?${query}`;
}
