import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

export interface SoftwarePasskey {
  readonly id: string;
  /** As `navigator.credentials.create(…).toJSON()`. */
  make(options: { readonly challenge: string }, more?: Claims): object;
  /** As `navigator.credentials.get(…).toJSON()`. */
  use(options: { readonly challenge: string }, more?: Claims): object;
}

export interface Claims {
  readonly origin?: string;
  readonly rpId?: string;
  /** User present, user verified. */
  readonly flags?: number;
  readonly counter?: number;
}

const [present, verified, attested] = [0x01, 0x04, 0x40];

/** A device with one ES256 key (WebAuthn, 6), which signs whatever it is told to. */
export function createSoftwarePasskey(publicUrl: string): SoftwarePasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  const { hostname, origin: ownOrigin } = new URL(publicUrl);

  const clientData = (type: string, challenge: string, origin = ownOrigin): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authData = (
    { rpId = hostname, flags = present | verified, counter = 0 }: Claims,
    key?: Buffer,
  ): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt8(key ? flags | attested : flags);
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(rpId), head, ...(key ? [key] : [])]);
  };
  const answer = (response: Readonly<Record<string, Buffer>>): object => ({
    ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
    response: Object.fromEntries(
      Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]),
    ),
  });

  return {
    id,
    make: ({ challenge }, more = {}) => {
      // COSE (RFC 9053): kty EC2, alg ES256, crv P-256, x, y; as CBOR.
      const coordinate = (value = ''): Buffer => cborBytes(Buffer.from(value, 'base64url'));
      const cose = Buffer.concat([
        Buffer.from('a5010203262001', 'hex'),
        ...[Buffer.from('21', 'hex'), coordinate(jwk.x), Buffer.from('22', 'hex'), coordinate(jwk.y)],
      ]);
      const length = Buffer.from([0, credentialId.length]);
      const key = Buffer.concat([Buffer.alloc(16), length, credentialId, cose]);
      const attestation = Buffer.concat([
        ...[Buffer.from([0xa3]), cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0])],
        ...[cborText('authData'), cborBytes(authData(more, key))],
      ]);
      return answer({
        clientDataJSON: clientData('webauthn.create', challenge, more.origin),
        attestationObject: attestation,
      });
    },
    use: ({ challenge }, more = {}) => {
      const clientDataJSON = clientData('webauthn.get', challenge, more.origin);
      const authenticatorData = authData(more);
      const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
      const signature = createSign('SHA256').update(signed).sign(privateKey);
      return answer({ clientDataJSON, authenticatorData, signature });
    },
  };
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const { length } = bytes;
  return Buffer.concat([
    Buffer.from(length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255]),
    bytes,
  ]);
}
