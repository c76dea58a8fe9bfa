import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from '../../../scripts/run.ts'

const JOURNEYS = ['main-job', 'survey', 'check'].map((name) => `e2e/journeys/${name}.spec.ts`)

export interface Release {
  readonly code: string
  /** The environment for its commands. The release's packages come first, and this tree's packages are not in it. */
  readonly env: Readonly<Record<string, string>>
}

export const releaseIn = (code: string): Release => ({
  code,
  env: {
    PATH: [
      join(code, 'node_modules/.bin'),
      ...(process.env.PATH ?? '').split(delimiter).filter((one) => !one.endsWith('node_modules/.bin')),
    ].join(delimiter),
  },
})

/**
 * Checks out a commit and builds it.
 *
 * @throws with the last output of the command that failed
 */
export async function buildRelease({ code, env }: Release, commit: string): Promise<void> {
  const must = async (command: string, args: string[]) => {
    const done = await run(command, args, env)
    if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${done.output.slice(-4000)}`)
  }
  await must('git', ['worktree', 'add', '--detach', code, commit])
  const script = "import('./scripts/build.ts').then((m) => m.buildWhenStale())"
  await must('sh', ['-c', `cd '${code}' && node scripts/bootstrap.mjs`])
  // A new shell, because the old one has cached the machine's node from before the release's own was installed.
  await must('sh', ['-c', `cd '${code}' && node -e "${script}"`])
}

/** Runs the release's own browser journeys. Each gets a second attempt. A journey that the schema breaks fails both. */
export async function travel(
  { code, env }: Release,
  url: string,
  dataDir: string,
): Promise<{ readonly passed: boolean; readonly said: string }> {
  const own = JOURNEYS.filter((file) => existsSync(join(code, file))).join(' ')
  const command = `cd '${code}' && playwright test --project vi --workers=1 --retries=1 --reporter=line ${own}`
  const { code: ended, output } = await run('sh', ['-c', command], {
    ...env,
    E2E_URL: url,
    E2E_DATA_DIR: dataDir,
    E2E_PUSH_TO: 'http://127.0.0.1:9',
  })
  return { passed: ended === 0, said: output.slice(-6000) }
}
