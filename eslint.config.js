// What the linter holds: typescript-eslint's strictest set, the sizes of the house rules, and a few
// rules turned off with their reasons.

import tseslint from 'typescript-eslint'

const letsAtTheTop = {
  selector: 'Program > VariableDeclaration[kind="let"]',
  message: 'State at the top of a module has no owner.',
}

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.cache/', '**/*.js', '**/vite.config.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.page.json', './tsconfig.console.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-syntax': ['error', letsAtTheTop],
      'no-empty': ['error', { allowEmptyCatch: false }],
      // An underscore says that a value is left out on purpose.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `while (true)` with a way out inside is how a wait is written.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', '**/kit/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 600 }],
      'max-lines-per-function': 'off',
      // What beforeEach fills is declared where all tests of the file see it.
      'no-restricted-syntax': 'off',
      // Tests hand in what the types would forbid, and assert on what they know is there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
)
