// The image's HEALTHCHECK: exit code 0 where the server answers. By Node, because the image has no curl.
// It asks whether the process lives, not whether pushes can be stored: a restart would mend only the former.

import { get } from 'node:http';

const withinMs = 2_000;
const port = Number(process.env.EARSHOT_PORT ?? 8080);

process.exitCode = 1;
get({ host: '127.0.0.1', port, path: '/healthz', timeout: withinMs }, (answer) => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
  answer.resume();
})
  .on('timeout', function onTimeout() {
    this.destroy();
  })
  .on('error', () => undefined);
