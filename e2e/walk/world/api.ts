/** Asks the portal's HTTP API with a guest's token. */
export async function askPortal<T>(
  address: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> {
  const signIn = await fetch('http://localhost:7007/api/auth/guest/refresh', {
    method: 'POST',
  });
  const { backstageIdentity } = await signIn.json();
  const response = await fetch(`http://localhost:7007/api${address}`, {
    method: init.method,
    headers: {
      authorization: `Bearer ${backstageIdentity.token}`,
      'content-type': 'application/json',
    },
    body: init.body === undefined ? undefined : JSON.stringify(init.body),
  });
  if (!response.ok) {
    throw new Error(`${address}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
