import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

/**
 * Counts API requests from an audit log, its rotated predecessors included. A watch is one request, however long.
 * @returns {Promise<{total: number, byVerb: Record<string, number>}>}
 */
export async function countRequests(
  auditLog,
  { userAgent, namespace, since = new Date(0) },
) {
  const seen = new Set();
  const byVerb = {};
  for (const file of filesOf(auditLog)) {
    const lines = readline.createInterface({
      input: fs.createReadStream(file),
      crlfDelay: Infinity,
    });
    for await (const line of lines) {
      let event;
      try {
        event = JSON.parse(line);
      } catch {
        continue; // The last line may be half written.
      }
      if (seen.has(event.auditID)) continue;
      if (new Date(event.requestReceivedTimestamp) < since) continue;
      if (!(event.userAgent ?? '').startsWith(userAgent)) continue;
      if (namespace && event.objectRef?.namespace !== namespace) continue;
      seen.add(event.auditID);
      byVerb[event.verb] = (byVerb[event.verb] ?? 0) + 1;
    }
  }
  return { total: seen.size, byVerb };
}

function filesOf(auditLog) {
  const { dir, name, ext } = path.parse(auditLog);
  const rotated = fs
    .readdirSync(dir)
    .filter(file => file.startsWith(`${name}-`) && file.endsWith(ext))
    .sort();
  return [...rotated, `${name}${ext}`]
    .map(file => path.join(dir, file))
    .filter(file => fs.existsSync(file));
}
