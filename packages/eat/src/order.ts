import { EatError } from './errors';
import type { HighWaterMark, TrustPolicy } from './policy';
import type { Statement } from './statement';

const DEFAULT_MAX_SEQ_JUMP = 10_000;

/**
 * Whether a statement may follow the newest one that was accepted: by `seq` and `prev` in `strict`, by `iat` and hash in `eat-compat`.
 *
 * @throws EatError `ROLLBACK`, `EQUIVOCATION`, `SEQ_JUMP`
 */
export function checkOrder(
  statement: Statement,
  mark: HighWaterMark,
  before: HighWaterMark | undefined,
  policy: Pick<TrustPolicy, 'profile' | 'maxSeqJump'>,
): void {
  if (!before) {
    return;
  }
  if (
    policy.profile === 'eat-compat' ||
    statement.seq === undefined ||
    before.seq === undefined
  ) {
    checkByTime(mark, before);
    return;
  }
  const { seq } = statement;
  if (seq < before.seq) {
    throw new EatError(
      'ROLLBACK',
      `This is statement ${seq}, but statement ${before.seq} was accepted before: an older catalog is being replayed.`,
    );
  }
  if (seq === before.seq && mark.payloadHash !== before.payloadHash) {
    throw new EatError(
      'EQUIVOCATION',
      `There are two different statements ${seq}: the publisher, or someone with its key, says different things to different readers.`,
    );
  }
  if (seq === before.seq + 1 && statement.prev !== before.payloadHash) {
    throw new EatError(
      'EQUIVOCATION',
      `Statement ${seq} does not follow the statement ${before.seq} that was accepted before ("prev" is another).`,
    );
  }
  const longest = policy.maxSeqJump ?? DEFAULT_MAX_SEQ_JUMP;
  if (seq - before.seq > longest) {
    throw new EatError(
      'SEQ_JUMP',
      `The statements' number went from ${before.seq} to ${seq}; at most ${longest} at once are allowed. Reset the publisher if this is right.`,
    );
  }
}

function checkByTime(mark: HighWaterMark, before: HighWaterMark): void {
  if (mark.iat < before.iat) {
    throw new EatError(
      'ROLLBACK',
      'This statement is older than one that was accepted before: an older catalog is being replayed.',
    );
  }
  if (mark.iat === before.iat && mark.catalogHash !== before.catalogHash) {
    throw new EatError(
      'EQUIVOCATION',
      'There are two statements of the same second about different catalogs.',
    );
  }
}
