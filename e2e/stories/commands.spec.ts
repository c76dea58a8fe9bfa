import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir, expect, test } from '../fixtures.ts'

/** Runs a command as `npm run` does; answers its exit code and what it said. */
function command(script: string, args: readonly string[], env: Record<string, string>) {
  const { DATABASE_URL: _, ...inherited } = process.env
  return new Promise<{ code: number | null; said: string }>((resolve) => {
    const options = { env: { ...inherited, ...env } }
    const child = execFile(process.execPath, [`scripts/${script}.ts`, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode, said: out + err }),
    )
  })
}

test('commands work on the installation that runs over DATA_DIR, or say in a line why not', async () => {
  const DATA_DIR = dataDir()
  const rotated = await command('keys-rotate', [], { DATA_DIR })
  expect(rotated).toEqual({ code: 0, said: expect.stringContaining('under the keys of today') })

  const table = join(DATA_DIR, 'tac.csv')
  writeFileSync(table, 'TAC,Manufacturer,Model\n35999901,Example,One\n')
  const imported = await command('tac-import', [table], { DATA_DIR })
  expect(imported).toEqual({ code: 0, said: expect.stringMatching(/^(1 written, 0|0 written, 1) unchanged/) })

  const nowhere = await command('keys-rotate', [], { DATA_DIR: join(DATA_DIR, 'nothing') })
  const partly = await command('keys-rotate', [], { DATABASE_URL: 'postgresql://127.0.0.1:1/none' })
  expect(nowhere.said).toMatch(/^DATABASE_URL is not set/m)
  expect(partly.said).toMatch(/^ {2}ANTAM_KEY: is not set$/m)
  for (const { code, said } of [nowhere, partly]) {
    expect(code).toBe(1)
    expect(said, 'a stack').not.toMatch(/^ {4}at /m)
  }
})
