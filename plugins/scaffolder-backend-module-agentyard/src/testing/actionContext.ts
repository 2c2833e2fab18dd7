import { ActionContext } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';

/** A context for an action, and the outputs that it collects. */
export function actionContext(
  input: object,
  options: Partial<ActionContext<any, any>> = {},
): { ctx: ActionContext<any, any>; outputs: Record<string, any> } {
  const outputs: Record<string, any> = {};
  const ctx: ActionContext<any, any> = {
    ...createMockActionContext(),
    ...options,
    input,
    output: (name: string, value: unknown) => {
      outputs[name] = value;
    },
  };
  return { ctx, outputs };
}
