import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir, expect, test } from '../fixtures.ts'

function command(script: string, args: readonly string[], env: Record<string, string>) {
  const { DATABASE_URL: _, ...inherited } = process.env
  return new Promise<{ code: number | null; said: string }>((resolve) => {
    const options = { env: { ...inherited, ...env } }
    const child = execFile(process.execPath, [`${script}.ts`, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode, said: out + err }),
    )
  })
}

test('commands work on the installation that runs over DATA_DIR, or say in a line why not', async () => {
  const DATA_DIR = dataDir()
  const rotated = await command('scripts/keys-rotate', [], { DATA_DIR })
  expect(rotated).toEqual({ code: 0, said: expect.stringContaining('under the keys of today') })

  const table = join(DATA_DIR, 'tac.csv')
  writeFileSync(table, 'TAC,Manufacturer,Model\n35999901,Example,One\n')
  const imported = await command('scripts/tac-import', [table], { DATA_DIR })
  expect(imported).toEqual({ code: 0, said: expect.stringMatching(/^(1 written, 0|0 written, 1) unchanged/) })

  writeFileSync(table, 'TAC,Manufacturer,Model\n3599990,Example,One\n')
  const faulty = await command('scripts/tac-import', [table], { DATA_DIR })
  expect(faulty).toEqual({ code: 1, said: expect.stringContaining('tac.csv:2: the TAC is not eight digits') })

  // The demo has one admin. The command adds a second one, but no third.
  const invited = await command('scripts/admin-invite', [`admin.${Date.now()}@example.vn`], { DATA_DIR })
  const outcome = { code: invited.code, link: /\/k\/invitation\/\S+$/m.test(invited.said) }
  const third = await command('scripts/admin-invite', [`third.${Date.now()}@example.vn`], { DATA_DIR })
  if (outcome.code === 0) expect(outcome.link).toBe(true)
  else expect(invited.said).toContain('there are two administrators already')
  expect(third).toEqual({ code: 1, said: expect.stringContaining('there are two administrators already') })

  const nowhere = await command('scripts/keys-rotate', [], { DATA_DIR: join(DATA_DIR, 'nothing') })
  const partly = await command('scripts/keys-rotate', [], { DATABASE_URL: 'postgresql://127.0.0.1:1/none' })
  const uninvited = await command('scripts/admin-invite', ['a@example.vn'], {
    DATABASE_URL: 'postgresql://127.0.0.1:1/none',
  })
  expect(nowhere.said).toMatch(/^DATABASE_URL is not set/m)
  for (const { said } of [partly, uninvited]) expect(said).toMatch(/^ {2}ANTAM_KEY: is not set$/m)
  for (const { code, said } of [nowhere, partly, uninvited]) {
    expect(code).toBe(1)
    expect(said, 'a stack').not.toMatch(/^ {4}at /m)
  }
})

test('a command that is called wrongly does nothing and says how it is called', async () => {
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  for (const args of [
    [],
    ['--bogus'],
    ['--client', 'abc', '--key', 'k'],
    ['--url', 'nowhere', '--key', key],
    ['--url', 'http://127.0.0.1:1/', '--key', 'k'],
  ]) {
    const { code, said } = await command('tools/conformance', args, {})
    expect({ code, said }, args.join(' ')).toEqual({ code: 2, said: expect.stringContaining('usage: ') })
    expect(said, 'a stack').not.toMatch(/^ {4}at /m)
  }
  for (const [script, args] of [
    ['scripts/migrate', ['--dry-run']],
    ['scripts/keys-rotate', ['--help']],
    ['scripts/backup', ['--bogus']],
    ['scripts/audit-resume', ['--reason']],
    ['scripts/demo-code', []],
  ] as const) {
    const { code, said } = await command(script, args, { DATA_DIR: '/dev/null/none' })
    expect({ code, said }, script).toEqual({ code: 2, said: expect.stringContaining('usage: ') })
    expect(said, 'a stack').not.toMatch(/^ {4}at /m)
  }
  const load = await command('scripts/agencies-load', ['2025', '--on', '2027-13-01'], { DATA_DIR: dataDir() })
  expect(load).toEqual({ code: 2, said: expect.stringMatching(/^2027-13-01 is no day: .+$/m) })
  expect(load.said).not.toContain('Edition')
})
