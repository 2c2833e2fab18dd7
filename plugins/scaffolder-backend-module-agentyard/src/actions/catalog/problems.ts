import { EatError } from '@agentyard/eat';
import { ActionInputError } from '../../errors';

interface Problem {
  code: string;
  message: string;
  /** JSON pointer. */
  pointer?: string;
  /** Document. */
  path?: string;
}

/** Findings in the words of an error: one line each, with code and place. */
export function describeProblems(problems: readonly Problem[]): string {
  const shown = problems
    .slice(0, 20)
    .map(({ code, path, pointer, message }) => {
      const where = [path, pointer].filter(Boolean).join('#');
      return `${code}${where ? ` at ${where}` : ''}: ${message}`;
    });
  if (problems.length > shown.length) {
    shown.push(`and ${problems.length - shown.length} more`);
  }
  return shown.join('\n');
}

/** Runs `fn`; what it finds wrong with documents becomes an error of the step. */
export function refusing<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof EatError) {
      throw new ActionInputError(
        error.code,
        `the documents are refused\n${describeProblems(error.problems)}`,
      );
    }
    throw error;
  }
}
