import type { EatErrorCode } from './errors';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL points to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK_HOST.test(hostname);
}

/**
 * What is wrong with a URL that a catalog names: `INVALID_URL` if it is no absolute http(s) URL or has user info; `INSECURE_URL` for http, or
 * for this machine, unless `allowLoopback` and it is this machine.
 */
export function problemOfUrl(
  text: string,
  allowLoopback: boolean,
): Extract<EatErrorCode, 'INVALID_URL' | 'INSECURE_URL'> | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'INVALID_URL';
  }
  if (
    !/^https?:$/.test(url.protocol) ||
    !/^https?:\/\//i.test(text) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    return 'INVALID_URL';
  }
  if (isLoopback(url)) {
    return allowLoopback ? undefined : 'INSECURE_URL';
  }
  return url.protocol === 'https:' ? undefined : 'INSECURE_URL';
}
