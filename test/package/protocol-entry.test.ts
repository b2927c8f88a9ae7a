import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPackedProject, type PackedProject } from '../support/packed-project.js';

let project: PackedProject;

beforeAll(async () => {
  project = await openPackedProject();
});

afterAll(() => project.close());

describe('the entry earshot/protocol of the packed package', () => {
  it('has what a receiver needs, for plain JavaScript, without any dependency', async () => {
    await project.write(
      'plain.js',
      `import { acknowledge, parsePush, signPush, toWebhookSecret, verifySignature } from 'earshot/protocol';
       const secret = toWebhookSecret(Buffer.alloc(32, 1));
       const body = '[{"callId":12345678901234567890,"recordFile":"","x":1.10},null]';
       const now = Date.now();
       const headers = signPush({ webhookId: 'msg_1', at: now, body, secrets: [secret] });
       const { messages, unreadable } = parsePush(body);
       console.log(JSON.stringify({
         isSigned: verifySignature({ secret, headers, body, now }),
         isForged: verifySignature({ secret, headers, body: body + ' ', now }),
         callId: messages[0].callId, text: messages[0].text, unreadable, answer: acknowledge(),
       }));`,
    );
    expect(JSON.parse(await project.run('plain.js'))).toEqual({
      isSigned: true,
      isForged: false,
      callId: '12345678901234567890',
      text: '{"callId":12345678901234567890,"recordFile":"","x":1.10}',
      unreadable: [{ index: 1, reason: 'not-an-object', text: 'null' }],
      answer: { code: 0, msg: 'Received successfully' },
    });
  });

  it('tells TypeScript the fields of each message by its type', async () => {
    await project.write(
      'typed.ts',
      `import { parsePush, type AlicomAgentCallRecord, type PushedMessage } from 'earshot/protocol';
       function describe(pushed: PushedMessage): string {
         switch (pushed.type) {
           case 'AlicomAgentCallRecord': return keep(pushed.message);
           case 'AlicomAgentCallReport': return pushed.message.smartStatusCode ?? 'no status';
           case 'AlicomAgentCallNote': return pushed.message.majorIntent ?? 'no intent';
         }
       }
       const keep = (record: AlicomAgentCallRecord): string => record.recordFile;
       // @ts-expect-error a record has no status, and what is unknown is no string
       export const wrong = (record: AlicomAgentCallRecord): string => record['smartStatusCode'];
       console.log(parsePush('[{"callId":"1","recordFile":"a"},{"callId":"1","callee":"2"}]').messages.map(describe).join());`,
    );
    await project.compile('typed.ts');
    expect(await project.run('typed.js')).toBe('a,no status\n');
  });

  it('is the only one: what lies behind it is nobody else’s', async () => {
    await project.write('deep.js', "await import('earshot/dist/protocol/index.js');");
    await expect(project.run('deep.js')).rejects.toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});
