import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

it('serves on when whoever reads its log has gone', async () => {
  const processes = await openServerProcesses();
  try {
    const seen = `${processes.dataDir}.seen`;
    // The shell's reader takes the first lines, as `| head` does, and leaves while the server goes on writing.
    const under = ['/bin/bash', '-c', 'exec "$@" 2> >(head -n 3 > "$0")', seen];
    const server = processes.spawn({ settings: { EARSHOT_LOG_LEVEL: 'debug' }, under });
    server.url.catch(() => undefined);
    const url = await until(async () => /listening on (\S+)/.exec(await readFile(seen, 'utf8'))?.[1], {
      what: 'the first words',
    });
    for (let request = 0; request < 20; request++) {
      expect((await fetch(`${url}/api/v1/nothing-${request}`)).status).toBe(401);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await server.stop()).code).toBe(0);
  } finally {
    await processes.close();
  }
});
