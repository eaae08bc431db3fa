// Who may import whom. The sentences are what `npm run check` prints beside a violation; ARCHITECTURE.md has the picture.

/** The floors of the domain, from the ground up: a folder sees the floors below its own, and nothing beside or above it. */
const floors = [
  ['errors', 'finding'],
  ['model'],
  ['webhook'],
  ['kubernetes', 'compile', 'validate', 'overview'],
  ['evaluate', 'render'],
  ['graph', 'prove', 'promote', 'diff', 'lint', 'exposure', 'oci'],
  ['verdict', 'signing'],
  ['plan', 'analysis'],
  ['release', 'cluster'],
];

/** Neighbours that may be seen, as patterns. */
const neighbours = {
  errors: ['finding'],
  finding: ['errors'],
  // The types of a NetworkPolicy object are what compiler and evaluator have in common, and all that they have in common.
  compile: ['kubernetes/network-policy[.]ts'],
  // An overview draws tiers and flows where the compiler has placed them.
  overview: ['compile'],
};

const path = (names) => `^src/domain/(${names.join('|')})([./]|$)`;

/** One rule a folder of the domain: it sees itself, the floors below and the neighbours named above. */
function floorRules() {
  return floors.flatMap((names, floor) =>
    names.map((name) => ({
      name: `floor-of-${name}`,
      comment: `domain/${name} stands on the floors below it: it may not see what stands beside or above (see "floors" in .dependency-cruiser.mjs).`,
      from: { path: path([name]) },
      to: {
        path: '^src/domain/',
        pathNot: path([name, ...floors.slice(0, floor).flat(), ...(neighbours[name] ?? [])]),
      },
    })),
  );
}

const forbidden = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or lack a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'nothing-unresolvable',
    comment: 'What is imported exists and is installed.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-development-packages-at-run-time',
    comment: 'The server runs with the packages of `npm ci --omit=dev`.',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'domain-is-pure',
    comment:
      'The domain computes: it knows no framework, no database, no file, no network and no package but those named here.',
    from: { path: '^src/domain/' },
    to: { pathNot: ['^src/domain/', '^(node:)?(buffer|crypto|zlib)$', 'node_modules/yaml/'] },
  },
  {
    name: 'hashes-where-names-and-bytes-are-made',
    comment:
      'Only compile (a cut name gets a short hash), render (digests), plan (ids of ApplySets) and release (signatures) hash.',
    from: { path: '^src/domain/', pathNot: path(['compile', 'render', 'plan', 'release']) },
    to: { path: '^(node:)?crypto$' },
  },
  {
    name: 'compression-where-bytes-are-made',
    comment: 'Only render compresses bytes, and release takes them apart again.',
    from: { path: '^src/domain/', pathNot: path(['render', 'release']) },
    to: { path: '^(node:)?(buffer|zlib)$' },
  },
  {
    name: 'yaml-where-manifests-are-read',
    comment: 'Only kubernetes reads YAML with a package; render writes it by hand.',
    from: { path: '^src/domain/', pathNot: path(['kubernetes']) },
    to: { path: 'node_modules/yaml/' },
  },
  {
    name: 'render-knows-objects-not-manifests',
    comment:
      'The renderer shares the types of a NetworkPolicy with the evaluator and nothing else, so a proof of its bytes is a second opinion.',
    from: { path: path(['render']) },
    to: { path: '^src/domain/kubernetes/', pathNot: '^src/domain/kubernetes/network-policy[.]ts$' },
  },
  {
    name: 'evaluator-knows-no-compiler',
    comment: 'The evaluator judges what the compiler made; sharing code with it, it would share its mistakes.',
    from: { path: path(['evaluate', 'kubernetes']) },
    to: { path: path(['compile', 'render']) },
  },
  {
    name: 'proof-knows-no-compiler',
    comment:
      'A proof that shared code with what it judges would share its mistakes: it has the model, the bytes read again, and the evaluator.',
    from: { path: path(['prove']) },
    to: { path: path(['compile', 'render', 'overview']) },
  },
  ...floorRules(),
  {
    name: 'database-only-in-store',
    comment: 'Prisma and pg stay behind the stores.',
    from: { path: '^src/', pathNot: '^src/store/' },
    to: { path: ['node_modules/(@prisma|pg|pg-[^/]+)/', '^src/store/generated/'] },
  },
  {
    name: 'store-knows-no-feature',
    comment: 'A store keeps and finds; it decides nothing and knows neither features nor transport.',
    from: { path: '^src/store/' },
    to: {
      path: [
        '^src/features/',
        '^src/(main|create-app|app[.]module)[.]ts$',
        'node_modules/(fastify|@fastify|mercurius|graphql|@nestjs/(graphql|swagger|mercurius|platform-fastify))/',
      ],
    },
  },
  {
    name: 'stores-apart',
    comment: 'A store does not call a store: what needs two of them is a service.',
    from: { path: '^src/store/([^/]+)[.]store[.]ts$' },
    to: { path: '^src/store/[^/]+[.]store[.]ts$', pathNot: '^src/store/$1[.]store[.]ts$' },
  },
  {
    name: 'schema-knows-the-model',
    comment: 'The wire schemas say how the model is written down: they see the domain and zod.',
    from: { path: '^src/schema/' },
    to: { pathNot: ['^src/(schema|domain)/', 'node_modules/zod/'] },
  },
  {
    name: 'platform-knows-no-feature',
    comment: 'The platform serves all features and names none.',
    from: { path: '^src/platform/' },
    to: { path: ['^src/features/', '^src/(main|create-app|app[.]module)[.]ts$'] },
  },
  {
    name: 'features-apart',
    comment: 'A feature sees of another feature what it shows: its types and its loaders.',
    from: { path: '^src/features/([^/]+)/' },
    to: { path: '^src/features/', pathNot: ['^src/features/$1/', '[.](type|dto|loader)[.]ts$'] },
  },
  {
    name: 'services-know-no-transport',
    comment: 'A use case is the same for REST and GraphQL: a service knows neither, nor the doors in front of it.',
    from: { path: '[.]service[.]ts$' },
    to: {
      path: [
        'node_modules/(fastify|@fastify|mercurius|graphql|@nestjs/(graphql|swagger|mercurius|platform-fastify))/',
        '[.](controller|resolver)[.]ts$',
      ],
    },
  },
  {
    name: 'wired-in-one-place',
    comment:
      'app.module.ts is the only wiring file: features are named there, and where a fresh installation is filled through their use cases.',
    from: { path: '^src/', pathNot: '^src/(features/|bootstrap/|app[.]module[.]ts$)' },
    to: { path: '^src/features/' },
  },
  {
    name: 'work-is-light',
    comment:
      'A worker thread starts quickly and keeps little: it sees the domain, how bodies are read, and what editions are made of, without an object mapper.',
    from: { path: '^src/work/' },
    to: {
      pathNot: [
        '^src/(work|domain|schema)/',
        '^src/seeing/(phase|cache-tally)[.]ts$',
        '^src/store/(snapshot[.]rows|edition-bytes|bundle-blobs|content[.]store|sql)[.]ts$',
        '^(node:)?[a-z0-9_]+$',
        'node_modules/piscina/',
      ],
    },
  },
  {
    name: 'seeing-is-on-the-ground',
    comment: 'What is watched knows nothing of who is watched: all but the domain may tell it something.',
    from: { path: '^src/seeing/' },
    to: { pathNot: ['^src/seeing/', '^(node:)?[a-z_]+$', 'node_modules/@opentelemetry/api/'] },
  },
  {
    name: 'command-line-knows-no-server',
    comment: 'The command line starts at once and needs no server: it sees the domain and Node, and no package.',
    from: { path: '^src/(cli/|bin/sluice[.]ts$)' },
    to: { pathNot: '^src/(cli|domain)/', dependencyTypesNot: ['core'] },
  },
  {
    name: 'program-knows-no-tools',
    comment: 'What measures, attacks and tests the program is beside it: the program runs without any of that.',
    from: { path: '^src/' },
    to: { path: '^(attack|bench|examples|test|tools)/' },
  },
  {
    name: 'entries-are-not-imported',
    comment: 'main.ts and bin/ are where a process begins.',
    from: {},
    to: { path: '^src/(main[.]ts$|bin/)' },
  },
];

export default {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: ['node_modules', '^src/store/generated'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
