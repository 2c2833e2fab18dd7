import { mockServices } from '@backstage/backend-test-utils';
import { parse } from 'yaml';
import { DemoWorld } from './demoWorld';

// The published server takes a moment to start.
jest.setTimeout(30_000);

describe('the demo world', () => {
  const world = new DemoWorld({ port: 0, logger: mockServices.logger.mock() });
  afterAll(() => world.stop());

  it('describes the tools of a real MCP server as OpenAPI', async () => {
    const ready = new Promise<void>(resolve => world.onReady(resolve));
    world.start();
    await ready;

    const [{ path, content }] = await world.readSpecs();
    expect(path).toBe('openapi.yaml');
    const echo = parse(content).paths['/tools/echo'].post;
    expect(echo.operationId).toBe('echo');
    expect(echo['x-mcp-tool'].server_url).toMatch(
      /^http:\/\/localhost:\d+\/mcp$/,
    );
    expect(
      echo.requestBody.content['application/json'].schema.properties.message,
    ).toMatchObject({ type: 'string' });
  });

  it('gives the same bytes for the same tools', async () => {
    expect(await world.readSpecs()).toEqual(await world.readSpecs());
  });

  it('has no answer once it has stopped', async () => {
    await world.stop();
    await expect(world.readSpecs()).rejects.toThrow(/is unreachable/);
  });
});
