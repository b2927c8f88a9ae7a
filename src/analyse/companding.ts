/** G.711 and 8-bit PCM: what each of the 256 bytes stands for, from −1 to 1. A look-up is all the decoding there is. */
export const aLawSamples = makeTable(fromALaw);
export const muLawSamples = makeTable(fromMuLaw);
export const unsignedSamples = makeTable((byte) => (byte - 128) * 256);

function makeTable(toSample: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => toSample(byte) / 32_768);
}

/** Every other bit is inverted; then sign, three bits of exponent, four of mantissa, and half a step (G.711, table 1a). */
function fromALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 0x07;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

/** All bits are inverted; the coder added 0x84 before it took the logarithm (G.711, table 2a). */
function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}
