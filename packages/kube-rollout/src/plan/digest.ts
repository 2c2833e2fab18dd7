import { digestOf } from '../canonical';
import { Plan } from './plan';

/** The digest of a plan, computed from what the plan says it will do. */
export function planDigest(
  plan: Pick<Plan, 'target' | 'policy' | 'objects'>,
): string {
  return digestOf({
    target: plan.target,
    policy: plan.policy,
    objects: plan.objects.map(
      ({ ref, level, action, pending, base, manifest }) => ({
        ref,
        level,
        action,
        pending,
        base,
        manifest,
      }),
    ),
  });
}
