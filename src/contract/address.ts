/** Below `api/v1/`, as is every path here. */
export function callPath(callId: string, part?: string): string {
  return `calls/${encodeURIComponent(callId)}${part === undefined ? '' : `/${part}`}`;
}

export function endpointPath(id: string, act?: string): string {
  return `endpoints/${encodeURIComponent(id)}${act === undefined ? '' : `/${act}`}`;
}

export function recordingPath(id: string, act?: string): string {
  return `recordings/${encodeURIComponent(id)}${act === undefined ? '' : `/${act}`}`;
}

/** Parameters that have a value, with their `?`. */
export function toQuery(parameters: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}
