import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readEnv, takeFromFiles } from './env.ts'
import { SECRETS, VARIABLES } from './env-schema.ts'
import { checksMlDsa } from './signatures.ts'

vi.mock('./signatures.ts', { spy: true })

const key = Buffer.alloc(32, 1).toString('base64')
const COMPLETE = {
  DATABASE_URL: 'postgresql://app:secret@db/antam',
  ANTAM_KEY: key,
  ANTAM_INDEX_KEY: key,
  ANTAM_HASH_KEY: key,
  ANTAM_AUDIT_KEY: key,
  ANTAM_EXCHANGE_KEY: key,
  NEXTAUTH_SECRET: 'x'.repeat(32),
}

/** Returns the error message for `changes` to a complete environment. */
function refusal(changes: Record<string, string | undefined>): string {
  try {
    readEnv({ ...COMPLETE, ...changes })
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

test('what is not set has its documented default', () => {
  expect(readEnv(COMPLETE)).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    DATA_DIR: '.data',
    TRUSTED_PROXIES: 0,
    LIMIT_SCALE: 1,
  })
})

test('every fault is told at once, by the variable it is in', () => {
  const message = refusal({
    DATABASE_URL: undefined,
    ANTAM_KEY: 'short',
    PORT: '70000',
    NEXTAUTH_SECRET: 'x',
  })
  for (const name of [
    'DATABASE_URL: is not set',
    'ANTAM_KEY: must be 32 bytes',
    'PORT: ',
    'NEXTAUTH_SECRET: ',
  ]) {
    expect(message).toContain(name)
  }
})

test.each([
  'ANTAM_KEY',
  'ANTAM_INDEX_KEY',
  'ANTAM_HASH_KEY',
  'ANTAM_EXCHANGE_KEY',
  'NEXTAUTH_SECRET',
  'DATABASE_URL',
])('it does not start without %s', (name) => {
  expect(refusal({ [name]: undefined })).toContain(`${name}: is not set`)
  expect(refusal({ [name]: '' })).toContain(`${name}: is not set`)
})

test.each([
  ['PORT', '0'],
  ['PORT', 'abc'],
  ['PORT', '3000.5'],
  ['PUBLIC_URL', 'portal.example.vn'],
  ['PUBLIC_URL', 'ftp://portal.example.vn'],
  ['DATABASE_URL', 'mysql://db/antam'],
  ['TRUSTED_PROXIES', '-1'],
  ['LIMIT_SCALE', '0'],
  ['ANTAM_KEY', `${key}${key}`],
  ['ANTAM_PUSH_KEY', Buffer.alloc(32, 255).toString('base64')],
  ['WEB_PUSH_SERVICES', 'https://fcm.googleapis.com'],
  ['WEB_PUSH_SERVICES', '*'],
])('%s=%s is refused', (name, value) => {
  expect(refusal({ [name]: value })).toContain(`${name}: `)
})

test('a variable that is empty counts as not set', () => {
  expect(refusal({ PORT: '', HOST: '', DATA_DIR: '', PUBLIC_URL: '', SMTP_URL: '', LIMIT_SCALE: '' })).toBe(
    'accepted',
  )
})

test('who only checks the audit log needs no more than its public key', () => {
  const line = 'antam/audit+0a1b2c3d+AQcC'
  expect(refusal({ ANTAM_AUDIT_KEY: undefined, ANTAM_AUDIT_PUBLIC_KEY: line })).toBe('accepted')
  expect(refusal({ ANTAM_AUDIT_PUBLIC_KEY: 'nonsense' })).toContain('ANTAM_AUDIT_PUBLIC_KEY: must be')
})

test('who has neither half of the audit key is told of the public one: the other is for workers alone', () => {
  const said = 'ANTAM_AUDIT_PUBLIC_KEY: is not set (a worker has ANTAM_AUDIT_KEY in its place'
  expect(refusal({ ANTAM_AUDIT_KEY: undefined })).toContain(said)
  expect(refusal({ ANTAM_AUDIT_KEY: '' })).toContain(said)
})

test('a refusal repeats no secret', () => {
  expect(refusal({ ANTAM_KEY: 'my-secret-value', NEXTAUTH_SECRET: 'my-secret-value' })).not.toContain(
    'my-secret',
  )
})

test('knows a key by its version, the first without one', () => {
  const { ANTAM_KEY, ANTAM_KEY_ALSO } = readEnv({ ...COMPLETE, ANTAM_KEY: `2:${key}`, ANTAM_KEY_ALSO: key })
  expect([ANTAM_KEY.version, ANTAM_KEY_ALSO?.version]).toEqual([2, 1])
  expect(ANTAM_KEY.bytes).toHaveLength(32)
  expect(refusal({ ANTAM_INDEX_KEY_ALSO: key })).toContain('ANTAM_INDEX_KEY_ALSO: must have another version')
  for (const wrong of [`0:${key}`, `2:2:${key}`, `x:${key}`, `2:${key} `])
    expect(refusal({ ANTAM_KEY: wrong })).toContain('ANTAM_KEY: must be 32 bytes')
})

const PROVIDER = {
  PUBLIC_URL: 'https://antam.example.vn',
  OIDC_ISSUER: 'https://identity.example.vn',
  OIDC_NAME: 'VNeID',
  OIDC_CLIENT_ID: 'an-tam',
  OIDC_CLIENT_SECRET: 'a-secret-of-two',
}

test('a provider of identities is given whole or not at all', () => {
  expect(refusal(PROVIDER)).toBe('accepted')
  for (const name of Object.keys(PROVIDER)) {
    expect(refusal({ ...PROVIDER, [name]: '' })).toContain(`${name}: is not set`)
  }
  expect(refusal({ OIDC_CLAIM_NAME: 'name' })).toContain('OIDC_ISSUER: is not set')
  expect(readEnv(COMPLETE).OIDC_SCOPE).toBe('openid')
})

test.each([
  ['OIDC_ISSUER', 'http://identity.example.vn'],
  ['OIDC_ISSUER', 'http://127.0.0.1.evil.example'],
  ['OIDC_ISSUER', 'identity.example.vn'],
  ['OIDC_SCOPE', 'profile'],
  ['OIDC_SCOPE', 'openid "x"'],
])('a provider’s %s=%s is refused, and its secret not repeated', (name, value) => {
  const message = refusal({ ...PROVIDER, [name]: value })
  expect(message).toContain(`${name}: `)
  expect(message).not.toContain(PROVIDER.OIDC_CLIENT_SECRET)
})

test('reads a secret from the file that it is told of', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'antam-env-')), 'key')
  writeFileSync(file, `3:${key}\n`)
  const { ANTAM_KEY: _, ...others } = COMPLETE
  expect(readEnv({ ...others, ANTAM_KEY_FILE: file }).ANTAM_KEY.version).toBe(3)
  const { OIDC_CLIENT_SECRET: __, ...provider } = PROVIDER
  const read = readEnv({ ...COMPLETE, ...provider, OIDC_CLIENT_SECRET_FILE: file })
  expect(read.OIDC_CLIENT_SECRET).toBe(`3:${key}`)
})

const folder = mkdtempSync(join(tmpdir(), 'antam-env-'))
const fileWith = (text: string): string => {
  const file = join(folder, 'secret')
  writeFileSync(file, `${text}\n`)
  return file
}

test('what is a secret by its name is marked as one, and nothing else but the audit key’s public half and the mailbox of alerts', () => {
  const named = VARIABLES.filter(
    (name) =>
      /(_KEY|_KEY_ID|SECRET|PASSWORD|TOKEN|_KEY_ALSO)$/.test(name) || /^(DATABASE|SMTP)\w*_URL$/.test(name),
  )
  expect(SECRETS.toSorted()).toEqual(['ALERT_MAIL', ...named].toSorted())
  expect(SECRETS.length).toBeGreaterThan(13)
})

const MESSAGES = {
  MAIL_FROM: 'An Tâm <khong-tra-loi@antam.example.vn>',
  DKIM_DOMAIN: 'example.vn',
  DKIM_SELECTOR: 'antam',
  DKIM_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----',
  SMS_HTTP_URL: 'https://sms.example.vn/messages',
  SMS_HTTP_TOKEN: 'a-token-of-ours',
  ZALO_APP_ID: '3972457551268168177',
  ZALO_APP_SECRET: 'a-secret-of-zalo',
  ZALO_REFRESH_TOKEN: 'a-token-of-zalo',
  ZALO_TEMPLATES: '/etc/an-tam/zalo.json',
}

/** Valid sample values; most variables accept any text. */
const SAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://app:in-a-file@db/antam',
  DATABASE_OWNER_URL: 'postgresql://owner:in-a-file@db/antam',
  DATABASE_READ_URL: 'postgresql://reader:in-a-file@replica/antam',
  SMTP_URL: 'smtps://user:in-a-file@mail.example.vn',
  ALERT_MAIL: 'giam-sat@thanhtra.example',
  ANTAM_AUDIT_PUBLIC_KEY: 'antam/audit+0a1b2c3d+AQcC',
  ANTAM_KEY_ALSO: `2:${key}`,
  ANTAM_INDEX_KEY_ALSO: `2:${key}`,
  NEXTAUTH_SECRET: 'y'.repeat(40),
  DKIM_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nin-a-file',
}

const S3_KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }

test('a store is a disk or a bucket without keys in its address, and the other one, while files move, is another', () => {
  const read = (given: Record<string, string>) => readEnv({ ...COMPLETE, ...given })
  expect(read({ STORAGE_URL: 'file:/srv/an-tam', STORAGE_URL_ALSO: 's3://an-tam' }).STORAGE_URL_ALSO).toBe(
    's3://an-tam',
  )
  const faults: [Record<string, string>, string][] = [
    [{ STORAGE_URL: 's3://id:secret@an-tam' }, 'STORAGE_URL: must be file:PATH'],
    [{ STORAGE_URL_ALSO: 'file:/srv/other' }, 'STORAGE_URL_ALSO: must be another store'],
    [{ AWS_ACCESS_KEY_ID: 'id' }, 'AWS_SECRET_ACCESS_KEY: is not set'],
  ]
  for (const [given, fault] of faults) expect(() => read(given)).toThrow(fault)
})

test.each(SECRETS)('%s may be given as a file', (name) => {
  const text = SAMPLES[name] ?? key
  const source = {
    ...COMPLETE,
    ...PROVIDER,
    ...MESSAGES,
    ...S3_KEYS,
    [name]: undefined,
    [`${name}_FILE`]: fileWith(text),
  }
  expect(readEnv(source)[name as 'SMTP_URL'], name).toEqual(
    readEnv({ ...source, [name]: text })[name as 'SMTP_URL'],
  )
  // Code that reads a variable before the full check finds it under its own name.
  const env: NodeJS.ProcessEnv = { NODE_ENV: 'test', [`${name}_FILE`]: fileWith(text) }
  takeFromFiles(env)
  expect(env[name]).toBe(text)
  // A process passes both variables on to its children.
  takeFromFiles(env)
})

test('a file of a secret that is not there, is empty or says something else is told by its name', () => {
  const gone = { ANTAM_KEY: undefined, ANTAM_KEY_FILE: join(folder, 'nowhere') }
  expect(refusal(gone)).toMatch(/ANTAM_KEY_FILE: ENOENT.*nowhere/)
  expect(refusal(gone)).not.toContain('ANTAM_KEY: is not set')
  expect(() => takeFromFiles({ NODE_ENV: 'test', ...gone })).toThrow('ANTAM_KEY_FILE: ENOENT')
  expect(refusal({ ANTAM_KEY: undefined, ANTAM_KEY_FILE: fileWith('') })).toContain('secret is empty')
  expect(refusal({ NEXTAUTH_SECRET_FILE: fileWith('z'.repeat(40)) })).toContain(
    'NEXTAUTH_SECRET_FILE: NEXTAUTH_SECRET is set as well',
  )
  // The value in the file is validated like any other, and not repeated in the error.
  const url = refusal({ SMTP_URL_FILE: fileWith('ftp://user:in-a-file@mail') })
  expect(url).toContain('SMTP_URL: ')
  expect(url).not.toContain('in-a-file')
})

test('what belongs to a way of messages is given whole', () => {
  expect(refusal(MESSAGES)).toBe('accepted')
  for (const name of Object.keys(MESSAGES).filter((one) => one !== 'MAIL_FROM'))
    expect(refusal({ ...MESSAGES, [name]: '' })).toContain(`${name}: is not set`)
})

test.each([
  ['DKIM_DOMAIN', 'xample.vn'],
  ['DKIM_PRIVATE_KEY', 'nonsense-key'],
  ['SMS_HTTP_URL', 'http://sms.example.vn/messages'],
  ['SMS_REPORT_SECRET', 'c2hvcnQ='],
  ['MAIL_BOUNCE', 'nobody'],
  ['ALERT_MAIL', 'nobody'],
])('%s=%s is refused, and not repeated', (name, value) => {
  const said = refusal({ ...MESSAGES, [name]: value })
  expect(said).toContain(`${name}: must be`.slice(0, name.length + 2))
  expect(said).not.toContain(value)
})

test('witnesses are a key and an address each; the log then has a name of its own', () => {
  const line = `witness.example/one+0a1b2c3d+${Buffer.alloc(33, 251).toString('base64')}`
  const witnesses = `${line}+https://witness.example/one, ${line}+http://127.0.0.1:4425\n`
  const named = { AUDIT_ORIGIN: 'antam.example/log', WITNESSES: witnesses }
  expect(readEnv({ ...COMPLETE, ...named }).WITNESSES).toEqual([
    { line, url: 'https://witness.example/one' },
    { line, url: 'http://127.0.0.1:4425' },
  ])
  expect(refusal({ WITNESSES: witnesses })).toContain('AUDIT_ORIGIN: is not set')
  expect(refusal({ ...named, WITNESS_QUORUM: '3' })).toContain('WITNESS_QUORUM: is more than there are')
  for (const bad of [line, `${line}+http://witness.example`, 'https://witness.example', `${line}+ftp://x`])
    expect(refusal({ ...named, WITNESSES: bad }), bad).toContain('WITNESSES: must be NAME+ID+KEY+https')
  // A message signed with ML-DSA-44 stores the length of each name in one byte.
  const longest = 'ế'.repeat(85)
  const byLongest = (more: string) =>
    `${longest}${more}${line.replace('witness.example/one', '')}+https://w.example`
  expect(refusal({ AUDIT_ORIGIN: longest, WITNESSES: byLongest('') })).toBe('accepted')
  expect(refusal({ ...named, AUDIT_ORIGIN: `${longest}x` })).toContain(
    'AUDIT_ORIGIN: must be a name of 255 bytes',
  )
  expect(refusal({ ...named, WITNESSES: byLongest('x') })).toContain('NAME of 255 bytes at most')
  expect(refusal({ AUDIT_ORIGIN: 'with a space' })).toContain('AUDIT_ORIGIN: must be a name')
  expect(refusal({ AUDIT_ORIGIN: 'a/log', ANTAM_AUDIT_PUBLIC_KEY: 'b/log+0a1b2c3d+AQ==' })).toContain(
    'AUDIT_ORIGIN: is not the name',
  )
})

test('a witness’s key of ML-DSA-44 is refused by a Node that cannot check it', () => {
  const line = `witness.example/two+0a1b2c3d+${Buffer.from([6, ...Buffer.alloc(1312, 1)]).toString('base64')}`
  const named = { AUDIT_ORIGIN: 'antam.example/log', WITNESSES: `${line}+https://witness.example/two` }
  expect(readEnv({ ...COMPLETE, ...named }).WITNESSES).toHaveLength(1)
  vi.mocked(checksMlDsa).mockReturnValueOnce(false)
  expect(refusal(named)).toContain(
    `WITNESSES: has a key of ML-DSA-44, which Node ${process.version} cannot check`,
  )
})
