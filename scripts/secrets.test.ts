import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { secrets } from './secrets.ts'

const folders: string[] = []
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'an-tam-secrets-')))
  return folders.at(-1) ?? ''
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true })
})

test('each new installation calls its log by another name, and keeps it', () => {
  const [one, two] = [folder(), folder()]
  const { AUDIT_ORIGIN } = secrets(one)
  expect(AUDIT_ORIGIN).toMatch(/^localhost\/[0-9a-f]{16}\/log$/)
  expect(secrets(one)).toEqual(secrets(one))
  expect(secrets(two).AUDIT_ORIGIN).not.toBe(AUDIT_ORIGIN)
})

test('a log from before it had a name of its own keeps the name that all had', () => {
  const directory = folder()
  const { AUDIT_ORIGIN: _, ...old } = secrets(directory)
  writeFileSync(join(directory, 'secrets.json'), JSON.stringify(old))
  expect(secrets(directory)).toEqual({ ...old, AUDIT_ORIGIN: 'antam/audit' })
  expect(JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8'))).toMatchObject({
    AUDIT_ORIGIN: 'antam/audit',
  })
})
