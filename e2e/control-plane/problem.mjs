/**
 * Why the control plane cannot be had, with what to do about it. Stable codes: WRONG_USE, NO_CONTROL_PLANE, BUILD_FAILED,
 * BUSY, NO_PORT, PART_STOPPED, NOT_READY, UNSUPPORTED.
 */
export class ControlPlaneProblem extends Error {
  constructor(code, message, advice) {
    super(message);
    this.name = 'ControlPlaneProblem';
    this.code = code;
    this.advice = advice;
  }
}
