import { FlapCounter } from './flapCounter';

const see = (counter: FlapCounter, ready: boolean, restartCount: number) =>
  counter.see('pod', [{ name: 'main', ready, restartCount }]);

describe('FlapCounter', () => {
  it('counts exits after having been ready', () => {
    const counter = new FlapCounter();
    see(counter, true, 0);
    see(counter, false, 0);
    see(counter, false, 1);
    see(counter, true, 1);
    see(counter, false, 2);
    expect(counter.of('pod').get('main')).toBe(2);
  });

  it('does not count crashes before it ever was ready', () => {
    const counter = new FlapCounter();
    see(counter, false, 0);
    see(counter, false, 1);
    see(counter, false, 2);
    expect(counter.of('pod').get('main')).toBe(0);
  });

  it('starts from the restarts at first sight', () => {
    const counter = new FlapCounter();
    see(counter, true, 7);
    expect(counter.of('pod').get('main')).toBe(0);
  });
});
