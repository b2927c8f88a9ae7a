import { fileURLToPath } from 'node:url';

/** Where the console's build lies beside the compiled server; there is none beside the sources. */
export const consoleFolder = fileURLToPath(new URL('../console/', import.meta.url));
