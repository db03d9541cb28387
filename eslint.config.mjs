import js from '@eslint/js'
import typescript from 'typescript-eslint'

const node = { process: 'readonly', console: 'readonly', Buffer: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly',
  setInterval: 'readonly', clearInterval: 'readonly', performance: 'readonly', AbortController: 'readonly', require: 'readonly', module: 'writable' }

export default typescript.config(
  { ignores: ['build/', 'node_modules/', '.venv/', '.bench/', '.engine/', '.cache/', '.jupyter/', '.pack/', 'results/', 'data/'] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  {
    rules: {
      'max-lines': ['error', 300],
      'max-len': ['error', { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true,
        ignoreRegExpLiterals: true }],
      semi: ['error', 'never', { beforeStatementContinuationChars: 'always' }],
      quotes: ['error', 'single', { avoidEscape: true, allowTemplateLiterals: true }],
      'no-console': 'off',
      'no-restricted-properties': ['error',
        { object: 'z', property: 'record', message: 'It loses the key __proto__: use recordOf of system/json-parts.' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: { globals: node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
)
