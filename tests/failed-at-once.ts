import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const tell = (module: TestModule, what: string, error?: { readonly message?: string }): void => {
  const [said = ''] = (error?.message ?? '').split('\n')
  process.stderr.write(`✗ ${relative('.', module.moduleId)} > ${what}: ${said}\n`)
}

/** Prints a line for each test as soon as it fails, for `npm run check`. The full report comes only after all tests. */
export default class FailedAtOnce implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result()
    if (state === 'failed') tell(test.module, test.fullName, errors?.[0])
  }

  onTestModuleEnd(module: TestModule): void {
    const [error] = module.errors()
    if (error) tell(module, 'could not be loaded', error)
  }
}
