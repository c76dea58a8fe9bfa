/**
 * `npm run check`: format, lint, types, unused code, unit and architecture tests; prints only failures, each step and
 * test at once.
 */
import { fileURLToPath } from 'node:url'
import { readArguments } from './arguments.ts'
import { run } from './run.ts'

interface Step {
  readonly name: string
  readonly commands: readonly (readonly [string, ...string[]])[]
}

const stepsFor = (report?: string): readonly Step[] => [
  {
    name: 'format and lint',
    commands: [
      ['biome', 'check', '--error-on-warnings', '.'],
      ['prisma', 'format', '--check'],
    ],
  },
  {
    name: 'types',
    commands: [
      ['next', 'typegen'],
      // Without a cache, because an earlier run's would outlive a regenerated database client. With one checker, because
      // several would each read all shared files, and the unit tests use the other core.
      ['tsc', '--incremental', 'false', '--checkers', '1'],
    ],
  },
  { name: 'unused', commands: [['knip', '--no-progress']] },
  {
    name: 'unit tests',
    commands: [
      [
        'vitest',
        ...['run', '--project', 'unit*', '--reporter', 'dot', '--reporter', './tests/failed-at-once.ts'],
        // Each process loads the modules for itself: a third one costs more than it gains beside the other steps.
        ...['--maxWorkers', '2'],
        ...(report ? ['--reporter', 'json', '--outputFile', report] : []),
      ],
    ],
  },
]

async function passes(step: Step): Promise<boolean> {
  for (const [command, ...args] of step.commands) {
    const { code, output } = await run(command, args, {}, 0, (line) => {
      if (line.startsWith('✗ ')) console.error(line)
    })
    if (code === 0) continue
    console.error(`\n✗ ${step.name}: ${command} ${args.join(' ')}\n${output.trim()}`)
    return false
  }
  return true
}

/**
 * Runs all steps in parallel and returns the names of the failed ones. Also writes the unit tests' results to `report`,
 * as Vitest's JSON.
 */
export async function check(report?: string): Promise<string[]> {
  const started = performance.now()
  const steps = stepsFor(report)
  const results = await Promise.all(steps.map(passes))
  const failed = steps.filter((_, at) => !results[at]).map((step) => step.name)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (failed.length > 0) console.error(`\nCheck failed: ${failed.join(', ')} (${seconds} s)`)
  else console.log(`Check passed: ${steps.map((step) => step.name).join(', ')} (${seconds} s)`)
  return failed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readArguments('usage: npm run check', {})
  process.exitCode = (await check()).length === 0 ? 0 : 1
}
