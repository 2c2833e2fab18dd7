/**
 * What the pages of Agentyard share.
 *
 * @packageDocumentation
 */
export * from './answer';
export { useAnswer } from './useAnswer';
export { AnswerView, type AnswerViewProps } from './AnswerView';
export { Status, type StatusProps, type StatusTone } from './Status';
export { Facts, type FactsProps } from './Facts';
export { Nothing, type NothingProps } from './Nothing';
export { Page, type PageProps } from './Page';
export { Section, type SectionProps } from './Section';
export { Since, type SinceProps } from './Since';
export { Title, type TitleProps } from './Title';
