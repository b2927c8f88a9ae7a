import { PageHeader } from './page-header.tsx';
import { AnswerState, type Answer } from './answer-state.tsx';

export interface PageWithoutAnswerProps {
  /** By what is known before: the id in the address. */
  readonly title: string;
  readonly answer: Answer;
}

/** A page whose subject has not come yet, or cannot be had: it is named all the same. */
export function PageWithoutAnswer({ title, answer }: PageWithoutAnswerProps) {
  return (
    <>
      <PageHeader title={title} />
      <AnswerState of={answer} />
    </>
  );
}
