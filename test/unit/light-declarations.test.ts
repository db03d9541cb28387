/** What the kernel's compiler reads of other packages: the types of data frames, and nothing of tensors. */
import ts from 'typescript'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

const built = (...path: string[]) => inProject('build', 'types', ...path)
const files = [built('display', 'data-frame.d.ts'), built('engine', 'engine.d.ts')]
const program = ts.createProgram(files, {
  types: [], lib: ['lib.es2022.d.ts'], skipLibCheck: true, esModuleInterop: true, moduleResolution: ts.ModuleResolutionKind.Node10,
})

test('a data frame has its columns and its methods', () => {
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(files[0])!)!
  const [dataFrame] = checker.getExportsOfModule(module)
  const [signature] = checker.getTypeOfSymbol(dataFrame).getCallSignatures()
  const [frame] = checker.getTypeArguments(signature.getReturnType() as ts.TypeReference)
  const methods = frame.getProperties().map(({ name }) => name)
  expect(methods).toEqual(expect.arrayContaining(['groupby', 'head', 'describe', 'columns']))
})

test('no declaration of tensors is read', () => {
  const read = program.getSourceFiles().map(({ fileName }) => fileName)
  expect(read.filter(name => /@tensorflow\/(?!.*index\.d\.ts$)/.test(name))).toEqual([])
  expect(read.filter(name => name.includes('@tensorflow/')).every(name => name.startsWith(built()))).toBe(true)
  expect(read.some(name => name.startsWith(built('danfojs-node')))).toBe(true)
})
