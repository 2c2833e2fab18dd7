/**
 * What the pages of Agentyard share.
 *
 * @packageDocumentation
 */
export * from './answer';
export { useAnswer } from './useAnswer';
export { AnswerView, type AnswerViewProps } from './AnswerView';
export { Status, type StatusProps, type StatusTone } from './Status';
export { Since, type SinceProps } from './Since';
