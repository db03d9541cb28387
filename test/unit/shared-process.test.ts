/** Only those test files share a process that leave it to the next one as they found it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mayShare, testsThatShare } from '../fixtures/shared-process.mjs'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

const files = {
  'only-computes.test.ts': "import { parseCsv } from '../src/lib/system/csv'",
  'names-a-type-of-the-engine.test.ts': "import type { Tensor } from '../src/lib/engine/tensor'",
  'computes-with-tensors.test.ts': "import { add } from '../src/lib/engine/arithmetic'",
  'has-a-mock.test.ts': "vi.mock('node:fs')",
  'sets-a-variable.test.ts': "process.env.LAB_THREADS = '1'",
  'imports-what-sets-a-variable.test.ts': "import './sets'",
  'imports-what-imports-it.test.ts': "import { one } from './through'",
  'imports-what-only-computes.test.ts': "import { two } from './around'",
  'sets.ts': "process.env.LAB_THREADS = '1'",
  'through.ts': "import './sets'",
  'around.ts': "import { two } from './around'",
}

it('knows them by their text and by the fixtures that they import', () => {
  mkdirSync(path('test'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path('test', name), text)
  expect(testsThatShare(path(), ['test']))
    .toEqual(['imports-what-only-computes', 'names-a-type-of-the-engine', 'only-computes'].map(name => `test/${name}.test.ts`))
  expect(mayShare(path('test', 'sets.ts'))).toBe(false)
})
