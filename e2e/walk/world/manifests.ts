/** Manifests of a small application: its setting, its pods, its address. */
export function deployment(options: {
  name: string;
  image: string;
  setting?: string;
  /** What goes wrong with its pods: a value of `sim/failure`. */
  failure?: string;
  delaySeconds?: number;
}): string {
  const { name, image, setting = 'bright', failure, delaySeconds } = options;
  const annotations = [
    ...(failure ? [`sim/failure: ${failure}`] : []),
    ...(delaySeconds ? [`sim/delay: ${delaySeconds}s`] : []),
  ];
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  setting: ${setting}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
      annotations:
        example.org/setting: ${setting}
${annotations.map(annotation => `        ${annotation}`).join('\n')}
    spec:
      containers:
        - name: ${name}
          image: ${image}
          ports:
            - containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`;
}
