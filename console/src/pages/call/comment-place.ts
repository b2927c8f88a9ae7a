import type { Comment } from '../../../../src/contract/reviews.ts';
import type { Player } from '../../player/player.ts';

/** The recording that is being heard, where there is one. */
export interface Here {
  readonly recordingId: string;
  readonly player: Player;
  readonly onPlayFrom: (comment: Comment) => void;
  /** The comment that was gone to last. */
  readonly named: string | undefined;
}

export interface CommentsProps {
  readonly callId: string;
  readonly here?: Here | undefined;
}
