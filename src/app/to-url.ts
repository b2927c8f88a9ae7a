/** As a URL, without a trailing slash. */
export function toUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Of a server of this process: an address that stands for all of them is reached by loopback. */
export function toNearUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  const near: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  return toUrl({ host: near[host] ?? host, port });
}
