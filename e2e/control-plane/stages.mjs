/**
 * What kwok plays: the life of nodes, pods, claims and load balancers, as Stage objects of kwok.x-k8s.io/v1alpha1.
 *
 * A stage chooses objects by one jq question, waits, then patches the status; stages chain through the status that they
 * write. Of two stages that match, kwok draws one by lot, so the questions below exclude each other.
 */

/** Values of the pod-template annotation `sim/failure`; README.md says what each one shows. */
export const failures = [
  'slow-start',
  'crash-loop',
  'transient-crash',
  'oom',
  'pull-error',
  'pull-error-transient',
  'missing-config',
  'init-failure',
  'eviction',
  'flapping',
];

/** jq words that the questions are written in. */
const words = `
def note(k): (.metadata.annotations // {})["sim/" + k];
def failure:
  if note("failure") == null then "none"
  elif note("until") != null and .metadata.creationTimestamp >= note("until") then "none"
  else note("failure") end;
def target: note("container") // .spec.containers[0].name;
def container: target as $t | [.status.containerStatuses[]? | select(.name == $t)][0] // {};
def init: (note("container") // .spec.initContainers[0].name) as $t | [.status.initContainerStatuses[]? | select(.name == $t)][0] // {};
def waiting: container.state.waiting.reason // "";
def restarts: container.restartCount // 0;
def spent: restarts >= ((note("restarts") // "2") | tonumber);
def pending: .status.phase == "Pending";
def running: .status.phase == "Running";
def ready: any(.status.conditions[]?; .type == "Ready" and .status == "True");
def begun: (.status.containerStatuses // []) | length > 0;
def job: any(.metadata.ownerReferences[]?; .kind == "Job");
`;

/** Opens each pod template: words for the Go templates. */
const opening = `
{{ $now := Now | Quote }}
{{ $pod := . }}
{{ $notes := or .metadata.annotations dict }}
{{ $target := or (index $notes "sim/container") (index .spec.containers 0).name }}
{{ $exitCode := or (index $notes "sim/exit-code") "1" }}
{{ $note := or (index $notes "sim/message") "" }}`;

/** Given once: the patch merges lists of addresses by their value, and a second one is refused. */
const addresses = `
{{ if not .status.podIP }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
startTime: {{ $now }}
{{ end }}`;

const runningState = '{ running: { startedAt: {{ $now }} } }';
const doneState = (exitCode, reason) =>
  `{ terminated: { exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now }}, finishedAt: {{ $now }} } }`;

/** How one container stands. `restarted` counts one more restart; `last` is how its previous run ended. */
const container = ({ ready = false, state, last, restarted = false }) => `
  ready: ${ready}
  started: ${ready}
  restartCount: {{ ${restarted ? 'add $restarts 1' : '$restarts'} }}
  state: ${state}
  lastState: ${last ?? '{{ $last | toJson }}'}`;

const up = container({ ready: true, state: runningState });

const statuses = (list, kept, each) => `
${kept}:
{{ range $c := .spec.${list} }}
{{ $restarts := 0 }}
{{ $last := dict }}
{{ range $pod.status.${kept} }}
{{ if eq .name $c.name }}
{{ $restarts = int .restartCount }}
{{ $last = or .lastState dict }}
{{ end }}
{{ end }}
- name: {{ $c.name | Quote }}
  image: {{ $c.image | Quote }}
  imageID: ""
${each}
{{ end }}`;

const containers = (target, others = up) =>
  statuses(
    'containers',
    'containerStatuses',
    `{{ if eq $c.name $target }}${target}\n{{ else }}${others}\n{{ end }}`,
  );

const initContainersDone = `
{{ if .spec.initContainers }}${statuses(
  'initContainers',
  'initContainerStatuses',
  `{{ if eq (or $c.restartPolicy "") "Always" }}${up}
{{ else }}${container({ ready: true, state: doneState(0, 'Completed') })}
{{ end }}`,
)}
{{ end }}`;

const condition = (type, good, reason) => `
- type: ${type}
  status: "${good ? 'True' : 'False'}"
  reason: ${reason ?? 'null'}
  lastTransitionTime: {{ $now }}`;

const conditions = ({ ready, initialized = true, reason }) => `
conditions:${condition('PodReadyToStartContainers', true)}${condition(
  'Initialized',
  initialized,
  initialized ? null : 'ContainersNotInitialized',
)}${condition(
  'ContainersReady',
  ready,
  ready ? null : reason ?? 'ContainersNotReady',
)}${condition('Ready', ready, ready ? null : reason ?? 'ContainersNotReady')}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now }}
{{ end }}`;

/** A whole pod status: every container but the target runs. */
const pod = ({ phase, ready = false, target, others }) =>
  `${opening}
phase: ${phase}${conditions({ ready })}${containers(
    target,
    others,
  )}${initContainersDone}${addresses}`;

const isReady = pod({ phase: 'Running', ready: true, target: up });

/** Quotes `sim/message` when given, else the text, which may use Go template words. */
const message = text =>
  `{{ if $note }}{{ $note | Quote }}{{ else }}{{ ${text} | Quote }}{{ end }}`;

const waitingFor = (reason, text) =>
  container({
    state: `{ waiting: { reason: ${reason}, message: ${message(text)} } }`,
  });

const crashed = (exitCode, reason) => doneState(exitCode, reason);
const ownCrash = crashed('{{ $exitCode }}', 'Error');
const oomCrash = crashed('137', 'OOMKilled');
const backOff =
  'printf "back-off restarting failed container=%s pod=%s_%s(%s)" $c.name $pod.metadata.name $pod.metadata.namespace $pod.metadata.uid';
const backingOff = ending =>
  container({
    restarted: true,
    state: `{ waiting: { reason: CrashLoopBackOff, message: ${message(
      backOff,
    )} } }`,
    last: ending,
  });

const notFound =
  'printf "failed to pull and unpack image %q: failed to resolve reference %q: %s: not found" $c.image $c.image $c.image';
const unavailable =
  'printf "failed to pull and unpack image %q: unexpected status from HEAD request: 503 Service Unavailable" $c.image';
const pulling = text =>
  pod({ phase: 'Pending', target: waitingFor('ErrImagePull', text) });
const pullingBackOff = text =>
  pod({
    phase: 'Pending',
    target: waitingFor(
      'ImagePullBackOff',
      `printf "Back-off pulling image %q: ErrImagePull: %s" $c.image (${text})`,
    ),
  });

const initTarget =
  '(or (index $notes "sim/container") (index .spec.initContainers 0).name)';
const initializing = target =>
  `${opening}
{{ $init := ${initTarget} }}
phase: Pending${conditions({ ready: false, initialized: false })}${containers(
    container({ state: '{ waiting: { reason: PodInitializing } }' }),
    container({ state: '{ waiting: { reason: PodInitializing } }' }),
  )}${statuses(
    'initContainers',
    'initContainerStatuses',
    `{{ if eq $c.name $init }}${target}
{{ else }}${container({ ready: true, state: doneState(0, 'Completed') })}
{{ end }}`,
  )}${addresses}`;
const neverAgain = '.spec.restartPolicy == "Never"';
const interval = { default: 500, note: 'interval' };

/** Crashes for ever. `ending` is how each run ends; while `spent` holds, the container is not started again. */
const crashes = (failure, ending, spent = 'false') => [
  {
    failure,
    name: 'start',
    when: 'pending and (begun | not)',
    status: pod({
      phase: 'Running',
      target: container({ state: runningState }),
    }),
  },
  {
    failure,
    name: 'exit',
    when: `running and container.state.running and (ready | not) and (${neverAgain} | not)`,
    after: interval,
    status: pod({ phase: 'Running', target: backingOff(ending) }),
  },
  {
    failure,
    name: 'exit-for-good',
    when: `running and container.state.running and (ready | not) and ${neverAgain}`,
    after: interval,
    status: pod({ phase: 'Failed', target: container({ state: ending }) }),
  },
  {
    failure,
    name: 'restart',
    when: `waiting == "CrashLoopBackOff" and (${spent} | not)`,
    after: interval,
    status: pod({
      phase: 'Running',
      target: container({ state: runningState }),
    }),
  },
];

const podStages = [
  // Normal life.
  {
    name: 'ready',
    when: '(failure | IN("none", "eviction", "flapping")) and pending and (begun | not)',
    status: isReady,
  },
  {
    name: 'job-complete',
    when: 'job and running and ready and (failure | IN("eviction", "flapping") | not)',
    after: { default: 100, note: 'duration' },
    status: pod({
      phase: 'Succeeded',
      target: container({ state: doneState(0, 'Completed') }),
      others: container({ state: doneState(0, 'Completed') }),
    }),
  },

  // slow-start
  {
    failure: 'slow-start',
    name: 'start',
    when: 'pending and (begun | not)',
    status: pod({
      phase: 'Running',
      target: container({ state: runningState }),
    }),
  },
  {
    failure: 'slow-start',
    name: 'ready',
    when: 'running and (ready | not)',
    after: { default: 5000, note: 'delay' },
    status: isReady,
  },

  ...crashes('crash-loop', ownCrash),
  ...crashes('oom', oomCrash),
  ...crashes('transient-crash', ownCrash, 'spent'),
  {
    failure: 'transient-crash',
    name: 'heal',
    when: 'waiting == "CrashLoopBackOff" and spent',
    after: interval,
    status: isReady,
  },

  // pull-error, pull-error-transient
  {
    failure: 'pull-error',
    name: 'pull',
    when: 'pending and ((begun | not) or waiting == "ImagePullBackOff")',
    after: interval,
    status: pulling(notFound),
  },
  {
    failure: 'pull-error',
    name: 'back-off',
    when: 'waiting == "ErrImagePull"',
    after: interval,
    status: pullingBackOff(notFound),
  },
  {
    failure: 'pull-error-transient',
    name: 'pull',
    when: 'pending and (begun | not)',
    status: pulling(unavailable),
  },
  {
    failure: 'pull-error-transient',
    name: 'back-off',
    when: 'waiting == "ErrImagePull"',
    after: interval,
    status: pullingBackOff(unavailable),
  },
  {
    failure: 'pull-error-transient',
    name: 'ready',
    when: 'waiting == "ImagePullBackOff"',
    after: { default: 1000, note: 'delay' },
    status: isReady,
  },

  // missing-config
  {
    failure: 'missing-config',
    name: 'wait',
    when: 'pending and (begun | not)',
    status: pod({
      phase: 'Pending',
      target: waitingFor(
        'CreateContainerConfigError',
        '"configmap \\"sim-missing\\" not found"',
      ),
    }),
  },

  // init-failure
  {
    failure: 'init-failure',
    name: 'start',
    when: 'pending and ((begun | not) or init.state.waiting.reason == "CrashLoopBackOff")',
    after: interval,
    status: initializing(container({ state: runningState })),
  },
  {
    failure: 'init-failure',
    name: 'exit',
    when: `pending and init.state.running and (${neverAgain} | not)`,
    after: interval,
    status: initializing(backingOff(ownCrash)),
  },
  {
    failure: 'init-failure',
    name: 'exit-for-good',
    when: `pending and init.state.running and ${neverAgain}`,
    after: interval,
    status: initializing(container({ state: ownCrash })).replace(
      'phase: Pending',
      'phase: Failed',
    ),
  },

  // eviction
  {
    failure: 'eviction',
    name: 'evict',
    when: 'running and ready',
    after: { default: 500, note: 'delay' },
    status: `${pod({
      phase: 'Failed',
      target: container({ state: doneState(137, 'Error') }),
      others: container({ state: doneState(137, 'Error') }),
    })}
reason: Evicted
message: {{ or $note "The node was low on resource: memory." | Quote }}`,
  },

  // flapping
  {
    failure: 'flapping',
    name: 'exit',
    when: 'running and ready',
    after: interval,
    status: pod({ phase: 'Running', target: container({ state: ownCrash }) }),
  },
  {
    failure: 'flapping',
    name: 'return',
    when: 'running and container.state.terminated',
    after: interval,
    status: pod({
      phase: 'Running',
      ready: true,
      target: container({
        ready: true,
        restarted: true,
        state: runningState,
        last: ownCrash,
      }),
    }),
  },

  // A value that nobody plays must show, or a misspelt test would pass for the wrong reason.
  {
    name: 'unknown-failure',
    when: `(failure | IN("none", ${failures
      .map(f => `"${f}"`)
      .join(', ')}) | not) and pending and (begun | not)`,
    status: pod({
      phase: 'Pending',
      target: waitingFor(
        'UnknownSimFailure',
        `"sim/failure takes one of ${failures.join(', ')}"`,
      ),
    }),
  },
].map(({ failure, name, when, ...rest }) =>
  stage({
    kind: 'Pod',
    // A pod's name for its failure is compared before any jq runs, so that normal pods cost little.
    ...(failure && { annotations: { 'sim/failure': failure } }),
    name: failure ? `${failure}-${name}` : name,
    when: `${words}.metadata.deletionTimestamp == null and ${
      failure ? 'failure != "none" and ' : ''
    }(${when})`,
    ...rest,
  }),
);

const others = [
  stage({
    kind: 'Pod',
    name: 'delete',
    when: `${words}.metadata.deletionTimestamp != null`,
    after: { default: 0, note: 'termination' },
    steps: [{ delete: true }],
  }),

  stage({
    kind: 'Node',
    name: 'initialise',
    when: `${words}ready | not`,
    status: `
phase: Running
conditions:${nodeConditions()}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ .metadata.name | Quote }} }
capacity: { cpu: 1k, memory: 4Ti, pods: 10k, ephemeral-storage: 10Ti }
allocatable: { cpu: 1k, memory: 4Ti, pods: 10k, ephemeral-storage: 10Ti }
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  osImage: simulated
  kernelVersion: simulated
  containerRuntimeVersion: kwok://{{ Version }}
  kubeletVersion: {{ printf "kwok-%s" Version }}
  kubeProxyVersion: ""
  bootID: ""
  machineID: ""
  systemUUID: ""`,
  }),
  stage({
    kind: 'Node',
    name: 'heartbeat',
    when: `${words}ready`,
    after: { default: 300_000, jitter: 330_000 },
    status: `
conditions:${nodeConditions()}`,
  }),

  stage({
    kind: 'Service',
    name: 'load-balancer-address',
    when: `${words}.spec.type == "LoadBalancer" and ((.status.loadBalancer.ingress // []) | length == 0) and failure != "no-address"`,
    after: { default: 0, note: 'delay' },
    status: `
loadBalancer:
  ingress: [{ ip: 192.0.2.10 }]`,
  }),

  // The volume binder does the rest, as it does with a real provisioner's volume.
  stage({
    kind: 'PersistentVolumeClaim',
    name: 'provision',
    when: `${words}.metadata.deletionTimestamp == null and .spec.storageClassName == "standard" and .spec.volumeName == null and failure != "no-volume"`,
    after: { default: 0, note: 'delay' },
    steps: [
      {
        apply: {
          template: `
apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-{{ .metadata.uid }}
spec:
  accessModes: {{ .spec.accessModes | toJson }}
  capacity: {{ .spec.resources.requests | toJson }}
  persistentVolumeReclaimPolicy: Retain
  storageClassName: standard
  volumeMode: {{ or .spec.volumeMode "Filesystem" }}
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: {{ .metadata.name | Quote }}
    namespace: {{ .metadata.namespace | Quote }}
    uid: {{ .metadata.uid | Quote }}
  hostPath: { path: /simulated/pvc-{{ .metadata.uid }} }`,
        },
      },
    ],
  }),
];

function nodeConditions() {
  return `
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ or $.metadata.creationTimestamp Now | Quote }}
{{ end }}`;
}

/** One Stage object: `when` in jq, `after` in milliseconds or from the annotation `sim/<note>` (a Go duration), then a status or steps. */
function stage({ kind, name, annotations, when, after, status, steps }) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: `${kind.toLowerCase()}-${name}` },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: {
        ...(annotations && { matchAnnotations: annotations }),
        matchExpressions: [{ key: when, operator: 'In', values: ['true'] }],
      },
      ...(after && {
        delay: {
          durationMilliseconds: after.default,
          ...(after.jitter && { jitterDurationMilliseconds: after.jitter }),
          ...(after.note && {
            durationFrom: {
              expressionFrom: `.metadata.annotations["sim/${after.note}"]`,
            },
          }),
        },
      }),
      ...(steps
        ? { steps }
        : {
            steps: [
              {
                patch: {
                  subresource: 'status',
                  root: 'status',
                  template: status,
                },
              },
            ],
          }),
    },
  };
}

/** The stages as one file that `kwok --config` reads (JSON documents, which YAML includes). */
export const stagesFile = () =>
  [...podStages, ...others]
    .map(each => JSON.stringify(each, null, 1))
    .join('\n---\n');
