import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ClusterError } from '../errors';

const MAX_LINE = 16 * 1024 * 1024;

/**
 * Splits a stream of newline-delimited JSON. A line that is no JSON is an error, never skipped: what
 * it said is lost, so the caller has to list anew.
 */
export async function* jsonLines(stream: Readable): AsyncGenerator<any> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (
      let to = text.indexOf('\n', from);
      to >= 0;
      to = text.indexOf('\n', from)
    ) {
      const line = text.slice(from, to);
      from = to + 1;
      if (line.trim() !== '') yield parse(line);
    }
    rest = text.slice(from);
    if (rest.length > MAX_LINE) {
      throw new ClusterError(
        'RESPONSE_TOO_LARGE',
        `one watch event has more than ${MAX_LINE} characters`,
      );
    }
  }
}

function parse(line: string): any {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ClusterError('BAD_RESPONSE', 'a watch event is not JSON', {
      cause,
    });
  }
}
