/** How much the analysis takes at a time: whole clusters are sent to it, and YAML costs many times what JSON does. */
export interface AnalysisLimits {
  readonly jsonMib: number;
  readonly yamlMib: number;
}

export const ANALYSIS_LIMITS: AnalysisLimits = { jsonMib: 64, yamlMib: 16 };
