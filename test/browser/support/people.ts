import type { RoleWord } from '../../../src/contract/session.js';
import type { ConsoleServer } from './console-server.js';

export interface Person {
  readonly name: string;
  readonly password: string;
}

export const administrator: Person = { name: 'wen', password: 'a long sentence of the tests' };

/** Creates the administrator with a set-up link. */
export async function createAdministrator(server: ConsoleServer): Promise<void> {
  const token = await server.setUpToken();
  const response = await fetch(`${server.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...administrator }),
  });
  if (!response.ok) throw new Error(`set-up: ${response.status} ${await response.text()}`);
}

export async function createPerson(server: ConsoleServer, name: string, role: RoleWord): Promise<Person> {
  const person = { name, password: `the long password of ${name}` };
  await server.client.people.create({ ...person, role });
  return person;
}
