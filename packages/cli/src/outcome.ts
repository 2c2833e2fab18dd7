/**
 * How a command ended, for people and for programs.
 *
 * Exit codes: 0 good; 1 the answer is no (refused, failed, rolled back); 2 wrong use, or it could not be asked.
 */
export interface Outcome {
  exitCode: 0 | 1 | 2;
  /** What `--output json` prints. */
  json: unknown;
  /** What is printed otherwise. */
  text: string;
}

/** The command cannot be carried out as it was given; exit code 2. */
export class UsageError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'UsageError';
    this.code = code;
  }
}

/** The outcome of an error: what is wrong, by its code where it has one. */
export function outcomeOf(error: unknown): Outcome {
  const known = error instanceof Error ? error : new Error(String(error));
  const { code = 'FAILED', problems } = known as {
    code?: string;
    problems?: Array<{ code: string; message: string }>;
  };
  const reasons = problems?.length
    ? problems
    : [{ code, message: known.message }];
  // What was read and found wanting is a "no"; what could not even be asked is not.
  const answered = known.name === 'EatError' || known.name === 'PlanError';
  return {
    exitCode: answered ? 1 : 2,
    json: {
      status: answered ? 'refused' : 'error',
      reasons,
      error: { code, message: known.message },
    },
    text: reasons.map(describeProblem).join('\n'),
  };
}

/** A problem in a line: code, place, message. */
export function describeProblem(problem: {
  code: string;
  message: string;
  path?: string;
  pointer?: string;
}): string {
  const place = [problem.path, problem.pointer].filter(Boolean).join('#');
  return `${problem.code}${place ? ` ${place}` : ''}: ${problem.message}`;
}
