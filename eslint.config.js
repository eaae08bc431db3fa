import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'A name is the same wherever it is imported: export it.',
};
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Settings come in through src/platform/config alone, where each has a type and a default.',
};

/** The same snapshot gives the same bytes, on any machine at any time: the domain has no access to either. */
const impure = [
  'process',
  'console',
  'Date',
  'performance',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];

export default defineConfig(
  globalIgnores(['dist', 'bundle', 'src/store/generated', 'coverage', '.sluice']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noEnum],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Classes that Nest injects stay value imports: the parser reads emitDecoratorMetadata in tsconfig.json.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noEnum, noDefaultExport],
      'no-restricted-properties': ['error', noEnvironment],
    },
  },
  // Answers and cases from outside are read as they come.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['src/platform/config*', 'src/platform/config/**'], rules: { 'no-restricted-properties': 'off' } },
  // The command line has no configuration but this: it hands the environment on, as it does its streams.
  { files: ['src/bin/sluice.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/{features,store,platform}/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...impure.map((name) => ({ name, message: 'The domain is pure: take it as an argument.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The domain is pure: take it as an argument.' },
        { property: 'localeCompare', message: 'It depends on the machine: use compareText.' },
      ],
    },
  },
);
