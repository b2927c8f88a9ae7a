import { Agent, request } from 'node:http';
import { setInterval as every } from 'node:timers';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What a load balancer does: asks who is ready, sends to each in turn, and tries the next where nobody listens. */
export interface RoundRobin {
  post(path: string, body: string): Promise<Answer>;
  /** Of those that it sends to now. */
  ready(): readonly string[];
  close(): void;
}

const askEveryMs = 50;

export function openRoundRobin(urls: readonly string[]): RoundRobin {
  const agent = new Agent({ keepAlive: true });
  let ready: string[] = [];
  let turn = 0;
  const ask = async (): Promise<void> => {
    const answers = await Promise.all(
      urls.map((url) => send(agent, url, 'GET', '/readyz').catch(() => undefined)),
    );
    ready = urls.filter((_url, index) => answers[index]?.status === 200);
  };
  const asking = every(() => void ask(), askEveryMs);
  return {
    ready: () => ready,
    post: async (path, body) => {
      let failure: unknown = new Error('nobody is ready');
      for (let attempt = 0; attempt < urls.length; attempt++) {
        const url = ready[turn++ % Math.max(1, ready.length)];
        if (url === undefined) break;
        try {
          return await send(agent, url, 'POST', path, body);
        } catch (error) {
          failure = error;
          // Nobody listens, so nothing was sent. Whatever else goes wrong may have been a push already.
          if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') break;
        }
      }
      throw failure;
    },
    close: () => {
      clearInterval(asking);
      agent.destroy();
    },
  };
}

function send(agent: Agent, url: string, method: string, path: string, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(`${url}${path}`, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text });
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
