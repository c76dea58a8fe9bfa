import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { findCase } from '#features/cases/record/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { superuser } from '#tests/database.ts'
import { makeCase } from '#tests/factories/case.ts'
import { full } from '#tests/runs.ts'

const areasLoad = (...args: readonly string[]) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((end) => {
    const command = ['scripts/bootstrap.mjs', 'scripts/areas-load.ts', ...args]
    execFile(process.execPath, command, { env: process.env }, (error, out, err) =>
      end({ code: error ? Number(error.code) : 0, out, err }),
    )
  })

const inForce = async () =>
  (await superuser.query('SELECT id FROM area_editions WHERE in_force')).rows.map(({ id }) => id)

test('the command switches, moves open cases and goes back, and changes nothing where it is not understood', async () => {
  const { id } = await makeCase({ particulars: { place: 'phường Võ Thị Sáu' } })
  const unit = async () => (await findCase(systemScope(), { id }))?.unitId
  const notUnderstood = [['2025', '--on', '--off'], ...(full ? [[], ['1930'], ['2025', '2016']] : [])]
  for (const wrong of notUnderstood) {
    const { code, out, err } = await areasLoad(...wrong)
    expect([code, out], wrong.join(' ')).toEqual([2, ''])
    expect(err, wrong.join(' ')).toContain('usage: npm run areas:load -- 2016|2025 [--on|--off]')
  }
  expect(await areasLoad('2016', '--off')).toMatchObject({ code: 1, out: '' })
  expect((await areasLoad('2025')).out).toContain('168 areas')
  expect(await inForce()).toEqual(['2016'])

  expect(await areasLoad('2025', '--on')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Edition 2025 is in force.\n'),
  })
  expect([await inForce(), await unit()]).toEqual([['2025'], 'phuong-xuan-hoa'])
  expect((await areasLoad('2025', '--on')).out).toContain('in force already')

  // A case that cannot be decrypted stays where it is, is reported by name, and does not block the others.
  const [broken, whole] = [await makeCase(), await makeCase()]
  await superuser.query("UPDATE cases SET sealed = '\\x00' WHERE id = $1", [broken.id])
  const again = await areasLoad('2025', '--on')
  expect(again).toMatchObject({ code: 1, out: expect.stringContaining('1 open cases, 0 found phones') })
  expect(again.err).toContain(`The case ${broken.id} could not be moved`)
  expect((await findCase(systemScope(), { id: whole.id }))?.unitId).toBe('dau-moi-quan-3')

  expect(await areasLoad('2025', '--off')).toMatchObject({ code: 0, err: '' })
  expect([await inForce(), await unit()]).toEqual([['2016'], 'quan-3'])
}, 120_000)
