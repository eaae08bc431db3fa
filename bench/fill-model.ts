/** Teams `team-0` to `team-99`, and as many tiers of the application `bench`. */
export const TEAMS = 100;
const TIERS = 100;

/** Fills the model by the public API: teams, and one application of 100 tiers, each with flows to two others; publishes it, some 200 kB. */
export async function fillModel(url: string, token: string): Promise<void> {
  const post = async (
    path: string,
    body: object,
    method = 'POST',
    more: Record<string, string> = {},
  ): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
    const reply = await fetch(`${url}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  };
  for (let n = 0; n < TEAMS; n++) await post('teams', { name: `team-${n}` });
  await post('applications', { name: 'bench', team: 'team-0' });
  await post('environments', { name: 'bench' });
  for (let n = 0; n < TIERS; n++) {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'metrics', port: 9090 },
    ];
    await post('applications/bench/tiers', {
      name: `tier-${n}`,
      podSelector: { matchLabels: { app: `tier-${n}` } },
      ports,
    });
  }
  await post('environments/bench/placements/bench', { namespace: 'bench' }, 'PUT', { 'if-none-match': '*' });
  for (let n = 0; n < TIERS; n++) {
    for (const step of [1, 2, 3]) {
      const to = { tier: `bench/tier-${(n + step) % TIERS}` };
      await post('flows', {
        name: `flow-${n}-${step}`,
        from: { tier: `bench/tier-${n}` },
        to,
        ports: ['http'],
        reason: 'bench',
      });
    }
  }
  await post('environments/bench/bundles', {});
}
