import type * as wire from '../contract/reviews.js';
import type { Comment } from '../store/reviews.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

export function toCommentJson(comment: Comment): wire.Comment {
  return known({
    id: comment.id,
    callId: comment.callId,
    recordingId: comment.recordingId,
    atSeconds: comment.atSeconds,
    text: comment.text,
    author: { id: comment.authorId, name: comment.authorName },
    createdAt: toInstant(comment.createdAt),
    editedAt: toInstantWhereKnown(comment.editedAt),
  });
}
