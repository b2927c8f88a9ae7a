/**
 * The parts that a process may run. `intake` takes pushes and brings with it the duties behind them: sorting,
 * projecting, cleaning.
 */
export const allRoles = ['intake', 'archive', 'deliver', 'api'] as const;
export type Role = (typeof allRoles)[number];
