import { z } from 'zod';

const yamlText = z.string().meta({ description: 'A multi-document YAML stream, or JSON' });

export const analysisDiffSchema = z
  .strictObject({ before: yamlText, after: yamlText })
  .meta({ id: 'AnalysisDiffInput', description: 'Two sets of manifests' });

export const analysisExplainSchema = z
  .strictObject({
    manifests: yamlText,
    from: z.string().min(1).max(600).meta({ description: 'namespace/name[Kind], first-last[External], or an address' }),
    to: z.string().min(1).max(600),
    port: z.string().min(1).max(40).optional().meta({ description: 'As in TCP/80' }),
  })
  .meta({ id: 'AnalysisExplainInput', description: 'May one talk to the other?' });

const finding = z.object({
  code: z.string(),
  severity: z.string(),
  path: z.string(),
  message: z.string(),
  value: z.string().optional(),
  mend: z.string().optional(),
});

export const analysisConnectionsSchema = z
  .object({
    connections: z.array(z.object({ src: z.string(), dst: z.string(), conn: z.string() })),
    findings: z.array(finding),
  })
  .meta({ id: 'AnalysisConnections', description: 'What the manifests allow, sorted by source and destination' });

export const analysisChangesSchema = z
  .object({
    changes: z.array(
      z.object({
        type: z.enum(['added', 'removed', 'changed']),
        src: z.string(),
        dst: z.string(),
        before: z.string(),
        after: z.string(),
        reason: z.string().optional(),
      }),
    ),
    findings: z.array(finding),
  })
  .meta({ id: 'AnalysisDiff', description: 'What changes between two sets of manifests' });

const direction = z.object({
  allowed: z.string(),
  reason: z.string(),
  policies: z.array(z.object({ policy: z.string(), allowed: z.string(), rules: z.array(z.int()), reason: z.string() })),
});

export const analysisExplanationSchema = z
  .object({
    src: z.string(),
    dst: z.string(),
    allowed: z.string(),
    denied: z.string(),
    port: z.object({ port: z.string(), allowed: z.boolean() }).optional(),
    egress: direction,
    ingress: direction,
    implementationDependent: z.array(z.string()),
    findings: z.array(finding),
  })
  .meta({
    id: 'AnalysisExplanation',
    description: 'The verdict, and for each direction the policies and rules behind it',
  });

const requirement = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).optional(),
});
const selector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(requirement).optional(),
});
const workload = z.string().meta({ description: 'namespace/name[Kind]' });
const exposed = z.enum(['ingress', 'egress']);

export const analysisExposureSchema = z
  .object({
    exposures: z.array(
      z.object({
        workload,
        direction: exposed,
        peer: z.string().meta({
          description:
            'entire-cluster, first-last[External], or namespaces/pods[Pods], each * (all), a name or {a label selector}',
        }),
        kind: z.enum(['entire-cluster', 'pods', 'range']),
        namespace: z.string().optional().meta({ description: 'The one namespace of these pods' }),
        namespaceSelector: selector.optional().meta({ description: 'Or the namespaces: {} for all' }),
        podSelector: selector.optional(),
        conn: z.string().meta({
          description: 'The ports, without those already open to wider pods; a name is the number the pod gives it',
        }),
        policies: z.array(z.string()).meta({ description: 'The NetworkPolicies that leave this open' }),
      }),
    ),
    unprotected: z
      .array(z.object({ workload, direction: exposed }))
      .meta({ description: 'Workloads that no NetworkPolicy isolates in this direction' }),
    findings: z.array(finding),
  })
  .meta({
    id: 'AnalysisExposure',
    description: 'What each workload leaves open to those who are not in the manifests',
  });
