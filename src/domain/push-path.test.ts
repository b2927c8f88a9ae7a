import { describe, expect, it } from 'vitest';
import { createPushPathReader, partsOfPushPath } from './push-path.js';

const clock = { now: 1_000 };
const read = createPushPathReader(
  [
    { name: 'default', token: 'correct-token-0123' },
    { name: 'second', token: 'another-token-4567' },
    { name: 'second', token: 'token-of-before-89', until: 2_000 },
  ],
  () => clock.now,
);

describe('the push path', () => {
  it('names the source whose token it holds', () => {
    expect(read('/push/correct-token-0123')).toEqual({ kind: 'source', source: 'default' });
    expect(read('/push/another-token-4567/')).toEqual({ kind: 'source', source: 'second' });
    expect(read('/push/correct-token-0123?x=/AlicomAgentCallNote')).toEqual({
      kind: 'source',
      source: 'default',
    });
  });

  it.each([
    '//push/correct-token-0123',
    '/push//correct-token-0123',
    '/push/correct-token-0123//',
    '/PUSH/correct-token-0123',
    '/push/correct%2Dtoken-0123',
    '/push/correct-token-0123%20',
    '/push/correct-token-0123#top',
    '/earshot/push/correct-token-0123?x=1',
  ])('is found in %j, in which only the token is right', (url) => {
    expect(read(url)).toEqual({ kind: 'source', source: 'default' });
  });

  it('is none below /api, whatever an id is called', () => {
    expect(partsOfPushPath('/api/v1/calls/push/tags')).toBeUndefined();
    expect(partsOfPushPath('/pushes/x')).toBeUndefined();
  });

  it('holds a token of before until its time is over', () => {
    expect(read('/push/token-of-before-89')).toEqual({ kind: 'source', source: 'second' });
    clock.now = 2_000;
    expect(read('/push/token-of-before-89')).toEqual({ kind: 'wrong-token' });
  });

  it("may name the type, by the vendor's full name", () => {
    expect(read('/push/correct-token-0123/AlicomAgentCallNote')).toEqual({
      kind: 'source',
      source: 'default',
      pathType: 'AlicomAgentCallNote',
    });
    expect(read('/push/correct-token-0123/AlicomAgentCallReport/')).toMatchObject({
      pathType: 'AlicomAgentCallReport',
    });
  });

  it.each(['Note', 'alicomagentcallnote', 'constructor', 'AlicomAgentCallNote/more'])(
    'is unknown behind the right token with the type %j',
    (type) => {
      expect(read(`/push/correct-token-0123/${type}`)).toEqual({ kind: 'unknown-type' });
    },
  );

  it.each([
    '/push',
    '/push/',
    '/push/correct-token-012',
    '/push/correct-token-01234',
    '/push/CORRECT-TOKEN-0123',
    '/push/correct-token%002D0123',
    '/push/%ZZ',
    '/push/wrong-token-456789/AlicomAgentCallNote',
    '/push/wrong-token-456789/Nonsense',
    '/push/?correct-token-0123',
    '',
  ])('is a wrong token in %j', (url) => {
    expect(read(url)).toEqual({ kind: 'wrong-token' });
  });
});
