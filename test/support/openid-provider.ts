import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('openid-provider-process.mjs', import.meta.url));

export const clientId = 'earshot';
export const clientSecret = 'secret-of-the-client-at-the-provider';

export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A real OpenID provider in a process of its own; see openid-provider-process.mjs. */
export async function openOpenIdProvider(redirectUri: string, people: People, port = 0) {
  const args = [program, clientId, clientSecret, redirectUri, JSON.stringify(people), String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const issuer = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', () => {
      reject(new Error(words));
    });
  });
  return {
    issuer,
    async close(): Promise<void> {
      child.kill();
      await exited;
    },
  };
}

/** A browser at the provider: follows where it is sent, signed in there as `account`, until it is sent elsewhere. */
export async function visit(address: string, issuer: string, account: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = address;
  for (let hops = 0; url.startsWith(issuer); hops++) {
    if (hops > 10) throw new Error(`the provider goes round in circles: ${url}`);
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const headers = { 'x-account': account, ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { redirect: 'manual', headers });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1);
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
  }
  return url;
}
