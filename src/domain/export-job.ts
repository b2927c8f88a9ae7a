/**
 * An export, made in the background.
 *
 *   waiting ──▶ running ──▶ done ──▶ expired      its file is deleted after some days
 *      │           ├──────▶ failed
 *      └───────────┴──────▶ cancelled
 *
 * It runs under a lease: of a process that died it is free again, and begins anew.
 */
export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled', 'expired'] as const;
export type JobState = (typeof jobStates)[number];

export const exportFormats = ['csv', 'jsonl', 'xlsx', 'zip'] as const;
export type ExportFormat = (typeof exportFormats)[number];
