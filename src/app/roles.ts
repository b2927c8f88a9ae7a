import { processRoles } from '../store/processes.js';

export const allRoles = processRoles;
export type Role = (typeof allRoles)[number];
