import type { Clock } from '../../domain/clock.js';
import { signPush, toWebhookSecret } from '../../protocol/webhook-signature.js';
import type { ExamPush } from './exam-push.js';

export type SignatureKind = 'right' | 'none' | 'wrong' | 'old';

/** The headers that sign a push; none where the receiver has no secret. */
export type ExamSigner = (push: ExamPush, kind: SignatureKind) => Readonly<Record<string, string>>;

const oldMs = 60 * 60 * 1000;

/** @throws RangeError for a secret that is none. */
export function createExamSigner(secret: string | undefined, clock: Clock): ExamSigner {
  if (secret === undefined) return () => ({});
  const sign = ({ webhookId, body }: Pick<ExamPush, 'webhookId' | 'body'>, key: string, at: number) => ({
    ...signPush({ webhookId, at, body, secrets: [key] }),
  });
  // A slip in the secret is found now, not with the first push.
  sign({ webhookId: '', body: Buffer.alloc(0) }, secret, 0);
  const wrongSecret = toWebhookSecret(Buffer.alloc(32, 'earshot-conformance'));
  return (push, kind) => {
    switch (kind) {
      case 'none':
        return {};
      case 'wrong':
        return sign(push, wrongSecret, clock());
      case 'old':
        return sign(push, secret, clock() - oldMs);
      case 'right':
        return sign(push, secret, clock());
    }
  };
}
