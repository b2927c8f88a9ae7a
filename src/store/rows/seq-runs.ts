/**
 * Numbers of messages as a delivery's row keeps them: runs of neighbours, `12-111,115`. Their order is that
 * in which they are pushed: a message that waited for its recording may come before a smaller one.
 */
export function toSeqRuns(seqs: readonly number[]): string {
  const runs: string[] = [];
  for (let index = 0; index < seqs.length;) {
    const first = seqs[index] ?? 0;
    let length = 1;
    while (seqs[index + length] === first + length) length++;
    runs.push(length === 1 ? `${first}` : `${first}-${first + length - 1}`);
    index += length;
  }
  return runs.join(',');
}

export function fromSeqRuns(text: string): number[] {
  const seqs: number[] = [];
  if (text === '') return seqs;
  for (const run of text.split(',')) {
    const [first = 0, last = first] = run.split('-').map(Number);
    for (let seq = first; seq <= last; seq++) seqs.push(seq);
  }
  return seqs;
}
