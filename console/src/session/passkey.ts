import type * as webauthn from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { PasskeyAnswer, PasskeyOptions } from '../../../src/contract/passkeys.ts';
import type { Client } from '../client.ts';

/** Nobody pressed the wrong thing: the dialog was closed, or there is no passkey for this place. */
export class PasskeyCancelled extends Error {
  override readonly name = 'PasskeyCancelled';
}

/** The browser's dialog makes one. Rejects with `PasskeyCancelled`. */
export async function makePasskey(client: Client): Promise<PasskeyAnswer> {
  const options = await client.session.passkeyToMake();
  return byBrowser(({ startRegistration }) =>
    startRegistration({ optionsJSON: toOptions<PublicKeyCredentialCreationOptionsJSON>(options) }),
  );
}

/** The browser's dialog signs with one. Rejects with `PasskeyCancelled`. */
export async function askPasskey(client: Client): Promise<PasskeyAnswer> {
  const options = await client.session.passkeyToUse();
  return byBrowser(({ startAuthentication }) =>
    startAuthentication({ optionsJSON: toOptions<PublicKeyCredentialRequestOptionsJSON>(options) }),
  );
}

/** They are the server's for the browser; this page looks at nothing of them. */
function toOptions<Options>(options: PasskeyOptions): Options {
  return options as unknown as Options;
}

async function byBrowser(act: (library: typeof webauthn) => Promise<unknown>): Promise<PasskeyAnswer> {
  const library = await import('@simplewebauthn/browser');
  try {
    return (await act(library)) as PasskeyAnswer;
  } catch (error) {
    throw new PasskeyCancelled('', { cause: error });
  }
}
