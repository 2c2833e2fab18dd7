/** One line for a step that begins; stderr, so that a command's stdout stays its own. */
export function say(text) {
  process.stderr.write(`agentyard: ${text}\n`);
}

/** Runs a step that takes a while and says how long it took. */
export async function timed(text, step) {
  const started = Date.now();
  say(`${text} …`);
  const result = await step();
  say(`${text}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
