/** One 16-bit sample as G.711 A-law: sign, three bits of exponent, four of mantissa, every other bit inverted. */
export function toALaw(sample: number): number {
  const sign = sample < 0 ? 0x00 : 0x80;
  // Thirteen bits count; a negative sample is taken as its ones' complement, as the reference coder does.
  const magnitude = Math.min((sample < 0 ? ~sample : sample) >> 3, 0xfff);
  let exponent = 0;
  for (let rest = magnitude >> 5; rest > 0; rest >>= 1) exponent++;
  const mantissa = exponent === 0 ? magnitude >> 1 : magnitude >> exponent;
  return (sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55;
}
