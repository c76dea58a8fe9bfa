import '#server-only'
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { CITY } from '#cities/city.ts'
import { passkeyHost } from '#features/accounts/passkeys/rules.ts'
import type { Retention } from '#features/privacy/erasure/rules.ts'
import { type Env, SCHEMA, SECRETS } from './env-schema.ts'
import { storageAddress, storageName } from './storage-address.ts'

/** Refuses two keys with the same version, because they could not be told apart. */
function ofTwoVersions(env: Env, faults: z.RefinementCtx): void {
  const pairs = [
    ['ANTAM_KEY', 'ANTAM_KEY_ALSO'],
    ['ANTAM_INDEX_KEY', 'ANTAM_INDEX_KEY_ALSO'],
  ] as const
  for (const [name, also] of pairs) {
    if (env[name].version !== env[also]?.version) continue
    faults.addIssue({ code: 'custom', path: [also], message: `must have another version than ${name}` })
  }
}

/**
 * Refuses one S3 credential without the other, and a second store with the same name in the database as the first, because
 * files move between the two.
 */
function storesApart(env: Env, faults: z.RefinementCtx): void {
  const fault = (path: string, message: string) => faults.addIssue({ code: 'custom', path: [path], message })
  if (env.AWS_ACCESS_KEY_ID && !env.AWS_SECRET_ACCESS_KEY) fault('AWS_SECRET_ACCESS_KEY', 'is not set')
  if (env.AWS_SECRET_ACCESS_KEY && !env.AWS_ACCESS_KEY_ID) fault('AWS_ACCESS_KEY_ID', 'is not set')
  const [main, also] = [env.STORAGE_URL ?? 'file:.', env.STORAGE_URL_ALSO].map(
    (url) => url && storageAddress(url),
  )
  if (main && also && storageName(main) === storageName(also))
    fault('STORAGE_URL_ALSO', 'must be another store: from one disk to another files are copied, not moved')
}

const PROVIDER = ['OIDC_ISSUER', 'OIDC_NAME', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const

/** Refuses an incomplete provider, or one without PUBLIC_URL, to which it sends people back. */
function providerWhole(env: Env, faults: z.RefinementCtx): void {
  const { OIDC_CLAIM_NAME, OIDC_CLAIM_NATIONAL_ID } = env
  const given = PROVIDER.some((name) => env[name]) || OIDC_CLAIM_NAME || OIDC_CLAIM_NATIONAL_ID
  if (!given) return
  for (const name of [...PROVIDER, 'PUBLIC_URL'] as const) {
    if (!env[name]) faults.addIssue({ code: 'custom', path: [name], message: 'is not set' })
  }
}

const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'] as const

const ZALO = ['ZALO_APP_ID', 'ZALO_APP_SECRET', 'ZALO_REFRESH_TOKEN', 'ZALO_TEMPLATES'] as const

/** Refuses incomplete message settings, and a DKIM domain that differs from the sender's. */
function messagesWhole(env: Env, faults: z.RefinementCtx): void {
  const missing = (names: readonly (keyof typeof env)[]) => {
    if (names.every((name) => env[name] === undefined)) return
    for (const name of names)
      if (env[name] === undefined) faults.addIssue({ code: 'custom', path: [name], message: 'is not set' })
  }
  missing(['SMS_HTTP_URL', 'SMS_HTTP_TOKEN'])
  missing(DKIM)
  missing(ZALO)
  // Many people have no Zalo and get an SMS.
  if (env.ZALO_APP_ID && !env.SMS_HTTP_URL && env.OUTBOX === 'off')
    faults.addIssue({ code: 'custom', path: ['SMS_HTTP_URL'], message: 'is not set' })
  const from = /@([^\s>]+)>?\s*$/.exec(env.MAIL_FROM)?.[1]?.toLowerCase() ?? ''
  const signer = env.DKIM_DOMAIN?.toLowerCase()
  if (signer !== undefined && from !== signer && !from.endsWith(`.${signer}`))
    faults.addIssue({ code: 'custom', path: ['DKIM_DOMAIN'], message: 'must be the domain of MAIL_FROM' })
}

function passkeysPossible(env: Env, faults: z.RefinementCtx): void {
  if (env.PASSKEYS_REQUIRED.length === 0) return
  if (env.PUBLIC_URL && passkeyHost(env.PUBLIC_URL)) return
  const message = 'needs a PUBLIC_URL that is https with a host name: browsers make passkeys for no other'
  faults.addIssue({ code: 'custom', path: ['PASSKEYS_REQUIRED'], message })
}

function witnessesWhole(env: Env, faults: z.RefinementCtx): void {
  const { WITNESSES, WITNESS_QUORUM = 0, AUDIT_ORIGIN, ANTAM_AUDIT_PUBLIC_KEY } = env
  if (WITNESS_QUORUM > WITNESSES.length)
    faults.addIssue({ code: 'custom', path: ['WITNESS_QUORUM'], message: 'is more than there are WITNESSES' })
  if (WITNESSES.length > 0 && !AUDIT_ORIGIN && !ANTAM_AUDIT_PUBLIC_KEY)
    faults.addIssue({ code: 'custom', path: ['AUDIT_ORIGIN'], message: 'is not set' })
}

type Source = Readonly<Record<string, string | undefined>>

/**
 * Returns the address to listen on, for callers that run before the full check. Null if it is invalid: `readEnv` reports that
 * with all other faults.
 */
export function listenAddress({ HOST, PORT }: Source): Pick<Env, 'HOST' | 'PORT'> | null {
  const given = { ...(HOST && { HOST }), ...(PORT && { PORT }) }
  return SCHEMA.pick({ HOST: true, PORT: true }).safeParse(given).data ?? null
}

/** Reads the secrets that are given as files; each fault is one line. */
function fromFiles(source: Source): { readonly read: Record<string, string>; readonly faults: string[] } {
  const read: Record<string, string> = {}
  const faults: string[] = []
  for (const name of SECRETS) {
    const file = source[`${name}_FILE`]
    if (!file) continue
    try {
      read[name] = readFileSync(file, 'utf8').trim()
      if (read[name] === '') faults.push(`${name}_FILE: ${file} is empty`)
      if (source[name] && source[name] !== read[name])
        faults.push(`${name}_FILE: ${name} is set as well, to something else: take one of them away`)
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`)
    }
  }
  return { read, faults }
}

const incomplete = (faults: readonly string[]): Error =>
  new Error(
    `The environment is not complete (docs/operations/configuration.md):\n${faults.map((one) => `  ${one}`).join('\n')}`,
  )

/**
 * Sets each variable in `env` that is given as a file (`NAME_FILE`), for code that reads one before the full check.
 *
 * @throws Error naming each file that is missing or empty, or whose variable is also set to another value
 */
export function takeFromFiles(env: NodeJS.ProcessEnv): void {
  const { read, faults } = fromFiles(env)
  if (faults.length > 0) throw incomplete(faults)
  Object.assign(env, read)
}

/** Names only the public key, because a process that signs nothing must not be told to get the secret one. */
const AUDIT_KEY_MISSING =
  'ANTAM_AUDIT_PUBLIC_KEY: is not set (a worker has ANTAM_AUDIT_KEY in its place; npm run setup makes both)'

/** Validates the whole environment; an empty variable counts as not set. Throws one error with all faults, for the operator. */
export function readEnv(source: Source): Env {
  const { read, faults } = fromFiles(source)
  const set = Object.entries({ ...source, ...read }).filter(([, value]) => value !== '')
  const given: Source = { ...CITY.settings, ...Object.fromEntries(set) }
  const parsed = SCHEMA.superRefine(ofTwoVersions)
    .superRefine(storesApart)
    .superRefine(providerWhole)
    .superRefine(messagesWhole)
    .superRefine(passkeysPossible)
    .superRefine(witnessesWhole)
    .safeParse(given)
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0])
    // The file's own fault is already listed.
    if (faults.some((fault) => fault.startsWith(`${name}_FILE:`))) continue
    faults.push(`${name}: ${given[name] ? message : 'is not set'}`)
  }
  if (!(given.ANTAM_AUDIT_KEY || given.ANTAM_AUDIT_PUBLIC_KEY)) faults.push(AUDIT_KEY_MISSING)
  const { AUDIT_ORIGIN: name, ANTAM_AUDIT_PUBLIC_KEY: line } = given
  if (name && line && !line.startsWith(`${name}+`))
    faults.push('AUDIT_ORIGIN: is not the name in ANTAM_AUDIT_PUBLIC_KEY')
  if (parsed.success && faults.length === 0) return parsed.data
  throw incomplete(faults)
}

let cached: Env | undefined

/** Returns the environment, validated at first use, because a build does not need it. */
export function env(): Env {
  cached ??= readEnv(process.env)
  return cached
}

/** Returns the retention periods, for all jobs and for the privacy notice. */
export const retention = (): Retention => ({
  draftDays: env().RETAIN_DRAFT_DAYS,
  evidenceRejectedDays: env().RETAIN_EVIDENCE_REJECTED_DAYS,
  evidenceClosedDays: env().RETAIN_EVIDENCE_CLOSED_DAYS,
  caseMonths: env().RETAIN_CASE_MONTHS,
  suggestionMonths: env().RETAIN_SUGGESTION_MONTHS,
  commentMonths: env().RETAIN_COMMENT_MONTHS,
  foundMonths: env().RETAIN_FOUND_MONTHS,
  identityMonths: env().RETAIN_IDENTITY_MONTHS,
  objectionMonths: env().RETAIN_OBJECTION_MONTHS,
  reconciliationDays: env().RETAIN_RECONCILIATION_DAYS,
  logDays: env().RETAIN_LOG_DAYS,
  backupDays: env().RETAIN_BACKUP_DAYS,
  correctionDays: env().DATA_CORRECTION_DAYS,
  erasureDays: env().DATA_ERASURE_DAYS,
  extensionDays: env().DATA_EXTENSION_DAYS,
})
