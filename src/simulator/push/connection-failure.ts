const refusals = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/** Why no HTTP answer came, in a word; never an address, for it may hold a secret. */
export function connectionFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (refusals.has(code)) return 'connection-refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns-failure';
  if (code.startsWith('ERR_TLS') || code.includes('CERT')) return 'tls-failure';
  return 'connection-lost';
}
