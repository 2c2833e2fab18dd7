import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { AnswerView } from './AnswerView';
import { failedAnswer, type Answer } from './answer';

const withStatus = (statusCode: number) =>
  Object.assign(new Error(`answered ${statusCode}`), { statusCode });

function show(answer: Answer<string[]>, onRetry?: () => void) {
  return render(
    <AnswerView
      answer={answer}
      subject="the tools"
      onRetry={onRetry}
      empty={tools => (tools.length ? undefined : <p>No tool yet</p>)}
    >
      {tools => <p>{tools.join(', ')}</p>}
    </AnswerView>,
  );
}

describe('an answer that failed', () => {
  it.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'missing'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('with status %s is %s', (status, state) => {
    expect(failedAnswer(withStatus(status)).state).toBe(state);
  });

  it('without a status is unreachable', () => {
    expect(failedAnswer(new TypeError('Failed to fetch')).state).toBe(
      'unreachable',
    );
  });
});

describe('AnswerView', () => {
  it('shows the value', () => {
    show({ state: 'ready', value: ['echo', 'get-sum'] });
    expect(screen.getByText('echo, get-sum')).toBeInTheDocument();
  });

  it('says that it is loading', () => {
    show({ state: 'loading' });
    expect(
      screen.getByRole('status', { name: 'Loading the tools' }),
    ).toBeInTheDocument();
  });

  it('says what is empty', () => {
    show({ state: 'ready', value: [] });
    expect(screen.getByText('No tool yet')).toBeInTheDocument();
  });

  it('says that it is forbidden', () => {
    show(failedAnswer(withStatus(403)));
    expect(screen.getByText('You may not see the tools')).toBeInTheDocument();
  });

  it('says why it could not be had, and asks again on request', async () => {
    const retry = jest.fn();
    show(failedAnswer(withStatus(503)), retry);
    expect(screen.getByText('Could not get the tools')).toBeInTheDocument();
    expect(screen.getByText('answered 503')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledTimes(1);
  });

  it('keeps the last value in sight when a refresh failed, and says so', () => {
    show({ state: 'ready', value: ['echo'], stale: new Error('refused') });
    expect(screen.getByText('echo')).toBeInTheDocument();
    expect(screen.getByText(/last known state/)).toBeInTheDocument();
  });
});
